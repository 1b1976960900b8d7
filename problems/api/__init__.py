"""Problems for programs."""
