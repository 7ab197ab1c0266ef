"""The limit of small starts: a sequence of saddles, predicted from the data alone.

| module | holds |
|---|---|
"""
