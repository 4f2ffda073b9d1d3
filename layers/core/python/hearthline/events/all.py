"""Every word, by name: what a reader of the ledger needs to understand an envelope."""

from typing import Final

from hearthline.events.agent_leg_lost import AgentLegLost
from hearthline.events.agent_phone import AgentPhoneDue, AgentPhoneMoved, AgentPhoneSet
from hearthline.events.agent_retrained import AgentRetrained
from hearthline.events.agent_status_changed import AgentStatusChanged
from hearthline.events.callback_promised import CallbackPromised
from hearthline.events.conference_started import ConferenceStarted
from hearthline.events.config_published import ConfigPublished
from hearthline.events.connection_lost import ConnectionLost
from hearthline.events.consult_accepted import ConsultAccepted
from hearthline.events.consult_ended import ConsultEnded
from hearthline.events.consult_offered import ConsultOffered
from hearthline.events.contact_arrived import ContactArrived
from hearthline.events.contact_connected import ContactConnected
from hearthline.events.contact_ended import ContactEnded
from hearthline.events.contact_held import ContactHeld
from hearthline.events.contact_offered import ContactOffered
from hearthline.events.contact_queued import ContactQueued
from hearthline.events.contact_resumed import ContactResumed
from hearthline.events.contact_transferred import ContactTransferred
from hearthline.events.edge_seen import EdgeSeen
from hearthline.events.media_ended import MediaEnded
from hearthline.events.media_joined import MediaJoined
from hearthline.events.media_moved import MediaMoved
from hearthline.events.offer_accepted import OfferAccepted
from hearthline.events.offer_lapsed import OfferLapsed
from hearthline.events.one_way_audio import OneWayAudio, OneWayAudioEnded
from hearthline.events.partner_leg_lost import PartnerLegLost
from hearthline.events.recording_begun import RecordingBegun
from hearthline.events.recording_due import RecordingDue
from hearthline.events.recording_pause_over import RecordingPauseOver
from hearthline.events.recording_paused import RecordingPaused
from hearthline.events.recording_resumed import RecordingResumed
from hearthline.events.recording_stored import RecordingStored
from hearthline.events.speech_heard import SpeechHeard
from hearthline.events.supervisor_joined import SupervisorJoined
from hearthline.events.supervisor_left import SupervisorLeft
from hearthline.events.supervisor_mode_changed import SupervisorModeChanged
from hearthline.events.ticket_moved import TicketMoved
from hearthline.events.ticket_opened import TicketOpened
from hearthline.events.trial_asked import TrialAsked
from hearthline.events.voicemail_begun import VoicemailBegun
from hearthline.events.voicemail_left import VoicemailLeft
from hearthline.events.word import Word
from hearthline.events.wrap_up_ended import WrapUpEnded

WORDS: Final[dict[str, type[Word]]] = {
    word.__name__: word
    for word in (
        AgentLegLost,
        EdgeSeen,
        AgentPhoneDue,
        AgentPhoneMoved,
        AgentPhoneSet,
        AgentRetrained,
        AgentStatusChanged,
        CallbackPromised,
        ConferenceStarted,
        ConfigPublished,
        ConnectionLost,
        ConsultAccepted,
        ConsultEnded,
        ConsultOffered,
        ContactArrived,
        ContactConnected,
        ContactEnded,
        ContactHeld,
        ContactOffered,
        ContactQueued,
        ContactResumed,
        ContactTransferred,
        MediaEnded,
        MediaJoined,
        MediaMoved,
        OfferAccepted,
        OfferLapsed,
        OneWayAudio,
        OneWayAudioEnded,
        PartnerLegLost,
        RecordingBegun,
        RecordingDue,
        RecordingPauseOver,
        RecordingPaused,
        RecordingResumed,
        RecordingStored,
        SpeechHeard,
        SupervisorJoined,
        SupervisorLeft,
        SupervisorModeChanged,
        TicketMoved,
        TicketOpened,
        TrialAsked,
        VoicemailBegun,
        VoicemailLeft,
        WrapUpEnded,
    )
}
