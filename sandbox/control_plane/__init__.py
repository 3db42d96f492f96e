"""The only room that knows moto: state of every service but Lambda."""
