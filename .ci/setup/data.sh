# shellcheck shell=bash
# Shared by what runs a server in a checkout: the folder of its data, the development outbox, the banner. Sourced, in the
# root folder.

development() { [ "${PROCARE_ENV:-development}" = development ]; }

# Keys and health data: nobody else on this machine reads them.
umask 077
DATA=${PROCARE_DATA_DIR:-data}
mkdir -p "$DATA"
chmod 700 "$DATA"

if development; then
    export OTP_SINK=${OTP_SINK:-file:$DATA/outbox.jsonl}
fi

banner() {
    development || return 0
    local address=${LISTEN_ADDR:-127.0.0.1:3000}
    cat <<TEXT

  ProCare   http://$address

  Sign in with a demo phone number:
    doctor     +91 98765 00001      patient    +91 98765 00010
    admin      +91 98765 00002      caregiver  +91 98765 00020
  The codes appear on http://$address/dev/outbox and in ${OTP_SINK#file:};
  so does the second code of doctor and admin, which their authenticator app would show.
  Stop with Ctrl-C.

TEXT
}
