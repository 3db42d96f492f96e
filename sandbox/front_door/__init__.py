"""HTTP and botocore in, AWS answers out."""
