"""A run that goes on, in a real JupyterLab: watched, paused, spoken to, stopped, and gone on with."""

import os


def test_the_kernel_is_the_one_asked_for(lab, notebook):
    lab.theme("JupyterLab Light")
    one = notebook("import ipykernel, syndisco_nb\nprint(ipykernel.__version__, syndisco_nb.__file__)")
    one.run(0)
    assert one.text(0).startswith(os.environ.get("SYNDISCO_NB_KERNEL", "7."))
