// Runs before the page's own scripts: keeps what the page's peer connections receive, 48 kHz, and when the microphone began.
// A page may have two legs: what comes by either is added up, as its loudspeaker does.
(() => {
  const heard = { began: 0, spoke: 0, connected: 0, chunks: [] };
  window.__heard = heard;
  const Peer = window.RTCPeerConnection;
  let ear = null;
  async function keep(stream) {
    ear ??= listen();
    ear.context.createMediaStreamSource(stream).connect(ear.taker);
    await ear.context.resume();
  }
  function listen() {
    const context = new AudioContext({ sampleRate: 48000 });
    const taker = context.createScriptProcessor(1024, 1, 1);
    taker.onaudioprocess = (event) => {
      if (!heard.began) heard.began = Date.now() - 21;
      heard.chunks.push(Int16Array.from(event.inputBuffer.getChannelData(0), (x) => Math.max(-1, Math.min(1, x)) * 32767));
    };
    taker.connect(context.destination);
    return { context, taker };
  }
  window.RTCPeerConnection = class extends Peer {
    constructor(...args) {
      super(...args);
      this.addEventListener("connectionstatechange", () => {
        if (this.connectionState === "connected" && !heard.connected) heard.connected = Date.now();
      });
      this.addEventListener("track", (event) => keep(new MediaStream([event.track])));
    }
  };
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  // The browser's own echo canceller and noise filter reshape a wave on purpose; what is measured here is our path.
  const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  // A microphone that is pulled out: its tracks and their copies end, and there is none until it is plugged again.
  const tracks = new Set();
  let plugged = true;
  const clone = MediaStreamTrack.prototype.clone;
  MediaStreamTrack.prototype.clone = function () {
    const copy = clone.call(this);
    if (tracks.has(this)) tracks.add(copy);
    return copy;
  };
  window.__unplug = () => {
    plugged = false;
    for (const track of tracks) {
      if (track.readyState === "ended") continue;
      track.stop();
      track.dispatchEvent(new Event("ended"));
    }
    tracks.clear();
    devices.dispatchEvent(new Event("devicechange"));
  };
  window.__plug = () => {
    plugged = true;
    devices.dispatchEvent(new Event("devicechange"));
  };
  devices.getUserMedia = async (wanted) => {
    if (!plugged) throw new DOMException("no microphone", "NotFoundError");
    const stream = await open({ ...wanted, audio: wanted.audio === true ? plain : { ...wanted.audio, ...plain } });
    stream.getAudioTracks().forEach((track) => tracks.add(track));
    heard.spoke = Date.now();
    return stream;
  };
  window.__heardSound = () => {
    const all = new Int16Array(heard.chunks.reduce((n, piece) => n + piece.length, 0));
    let at = 0;
    for (const piece of heard.chunks) {
      all.set(piece, at);
      at += piece.length;
    }
    const bytes = new Uint8Array(all.buffer);
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return { began: heard.began, spoke: heard.spoke, connected: heard.connected, pcm: btoa(text) };
  };
})();
