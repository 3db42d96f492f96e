"""CloudFormation: templates become resources, by calls through the gate as whoever deploys; what it lacks says its name."""
