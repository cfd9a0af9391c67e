"""Protected data: sealed rows, masked values, what is gone when it is done with."""
