"""What a scenario may say but hardly mean: for `parley check` and the head of every table."""
