"""演：一个示范医联体的来源文件 · A pretended region's source files, as its hospitals would export them."""
