"""Products for readers: pages, charts, workbooks, CSV, datapackage, from public tables only."""
