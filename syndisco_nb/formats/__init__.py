"""Other people's files, read and written: one package per format.

`load` finds out the format from the content. A format is a module that registers itself; see `ForeignFormat`.
"""
