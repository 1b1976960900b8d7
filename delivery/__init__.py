"""Groups, training, meetings, actions, the log, asking for help, voice of residents."""
