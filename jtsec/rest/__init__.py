"""The face of the controls to programs: Django REST framework (extra `rest`)."""
