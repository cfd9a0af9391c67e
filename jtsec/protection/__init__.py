"""Protected data: rows that are sealed, and tables that nobody adds to behind them."""
