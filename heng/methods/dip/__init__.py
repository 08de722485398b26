"""按病种分值付费 · DIP: diseases made of a diagnosis and procedures, and how a case finds its own."""
