"""Who may call which view: closed unless a view, or the project, says otherwise."""
