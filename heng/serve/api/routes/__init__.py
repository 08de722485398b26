"""接口的各条路 · The ways of the interface, one module for each subject."""
