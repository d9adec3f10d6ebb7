"""Other people's files, read and written: one module per format.

`load` finds out the format from the content. A format is one module here that registers itself; see `ForeignFormat`.
"""
