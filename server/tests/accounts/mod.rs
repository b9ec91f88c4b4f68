//! Sign-in, sessions, links and administration, through the services.
