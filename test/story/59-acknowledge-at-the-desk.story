# Alerts are looked after at the desk; no incident is needed for that.
08:00 team vic Vic viewer
08:00 alert CertificateExpires service=web summary="in 6 days"
08:01 bob ack CertificateExpires
      expect said "Bob looks after the alert CertificateExpires."
      expect state desk.acknowledged.1.name is "CertificateExpires"
08:02 ana ack CertificateExpires
      refused conflict
08:03 vic ack CertificateExpires
      refused forbidden
08:04 bob alert unack CertificateExpires
08:05 ana ack CertificateExpires
08:06 ana ack NoSuchAlert
      refused bad-field
