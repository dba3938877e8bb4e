"""The datasets of the model, one module a dataset; they share only ``transforms.statistics``."""
