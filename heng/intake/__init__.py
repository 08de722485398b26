"""入：人们的文件 → 声明的表与发现的问题 · People's files become declared tables, and what is wrong becomes Finding rows."""
