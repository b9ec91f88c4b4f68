//! How events and messages leave.

use secrecy::SecretString;

use super::setting::{HttpUrl, Sink, section};

section! {
    /// Events.
    Bus {
        /// `amqp://...` or `amqps://...`. By default events stay in the process.
        "AMQP_URL" => url: Option<SecretString> = None,
    }
}

section! {
    /// Messages to people. A message never holds a glucose value.
    Messages {
        /// Development only: `file:PATH` gets one JSON line per message, `{"to","channel","template","code","at"}`.
        "OTP_SINK" => otp_sink: Option<Sink> = None,
        /// Address of the SMS provider.
        "SMS_URL" => sms_url: Option<HttpUrl> = None,
        /// Its key.
        "SMS_KEY" => sms_key: Option<SecretString> = None,
        /// Registered sender.
        "SMS_SENDER" => sms_sender: Option<String> = None,
        /// Registered (DLT) template of the sign-in code.
        "SMS_TEMPLATE_OTP" => sms_template_otp: Option<String> = None,
        /// Address of the WhatsApp provider.
        "WHATSAPP_URL" => whatsapp_url: Option<HttpUrl> = None,
        /// Its key.
        "WHATSAPP_KEY" => whatsapp_key: Option<SecretString> = None,
        /// Registered sender.
        "WHATSAPP_SENDER" => whatsapp_sender: Option<String> = None,
    }
}

section! {
    /// Drafts of answers by a language model. Off without a key.
    Drafts {
        /// Key of an OpenRouter-compatible service.
        "OPENROUTER_API_KEY" => api_key: Option<SecretString> = None,
        /// Its address.
        "OPENROUTER_URL" => url: HttpUrl = Some("https://openrouter.ai/api/v1"),
    }
}
