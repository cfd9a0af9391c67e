"""Every control reports here: declared events, written so that none is lost."""
