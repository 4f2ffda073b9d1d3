"""The words the rooms say to each other: one module a word. Imports nothing of ours."""
