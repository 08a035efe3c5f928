// How a page of ours talks to the server: one request, or a subscription by graphql-transport-ws.
const NEW = "application/graphql-response+json";

export async function ask(body, { token, language }) {
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: `${NEW}, application/json`,
      "accept-language": language,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify(body),
  });
  return { status: answer.status, value: await answer.json() };
}

export function follow(body, { token }, each, ended) {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql`, "graphql-transport-ws");
  const send = (message) => socket.send(JSON.stringify(message));
  socket.onopen = () => send({ type: "connection_init", payload: { authorization: `Bearer ${token}` } });
  socket.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (message.type === "connection_ack") send({ id: "1", type: "subscribe", payload: body });
    if (message.type === "ping") send({ type: "pong" });
    if (message.type === "next") each(message.payload);
    if (message.type === "error") each({ errors: message.payload });
    if (message.type === "complete" || message.type === "error") socket.close(1000);
  };
  socket.onclose = (event) => ended(event.code === 1000 ? "complete" : `closed: ${event.code} ${event.reason}`);
  return () => socket.close(1000);
}
