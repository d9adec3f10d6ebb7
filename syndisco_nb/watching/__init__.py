"""Watch runs while they are written: what the live view shows, as plain data.

A `FolderWatcher` looks at the folder of a run or a study, a `RunWatcher` at each run in it, a `UnitWatcher` at each
unfinished unit. They read the run folder alone, so a run of this notebook, of another one and of a process that has
crashed look the same. A `DiscussionWatcher` looks at a discussion that has no folder.
"""
