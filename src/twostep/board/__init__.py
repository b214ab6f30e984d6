"""The class board: what submitted notebooks tell about a class, for teaching and not for marks.

`python -m twostep.board FOLDER` writes it. The notebooks are read, never run.
"""
