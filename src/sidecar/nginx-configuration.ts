/** The configuration with which nginx asks the sidecar, and goes on for nothing but its yes to this very question. */
import { type HostAndPort, PATIENCE, type Settings } from "./configuration.ts";
import { answered, asked, DECIDE, misleading, ours } from "./names.ts";

/** For the `http` block: one file to include. */
export function nginxConfiguration({ sidecar, words, upstreamHeaders, front, behind }: Settings): string {
  const lines = (texts: readonly string[], indent: string) => texts.map((text) => `${indent}${text}\n`).join("");
  const set = (name: string, value: string) => `proxy_set_header ${name} ${value};`;
  const away = [...ours, ...misleading].filter((name) => !upstreamHeaders.includes(name));
  const variable = (name: string) => `$writ_header_${name.replaceAll("-", "_")}`;
  const address = sidecar.kind === "socket" ? `unix:${sidecar.path}` : spelled(sidecar);
  return `# Written by Writ for the http block of nginx, 1.13.5 or later, tried with 1.22.1. It holds what proves to nginx that the sidecar
# answers: keep it readable by nginx and nobody else.
#
# What opens a hole, here or in a file that includes this one:
#   "auth_request off", a location without auth_request, "satisfy any"
#   another proxy_pass than the one below: it would go on for any 2xx, whoever said it, and after an error page with one
#   any proxy_set_header in another location: then none of those below count there
# What is only right here: auth_request gives 401 and 403 as they are and 500 for everything else (a sidecar that is down, slow or broken).
# Why something was refused is in $writ_reason, for a log_format.

# Goes on only where the answer holds what the sidecar alone knows, and the id of this very request.
map "$writ_answer $request_id" $writ_upstream {
    default "";
    "~^${words.answer}\\.([0-9a-f]{32}) \\1$" writ_behind;
}

upstream writ_behind {
    server ${spelled(behind)};
}

upstream writ_sidecar {
    server ${address};
    keepalive 32;
}

server {
    # With TLS, and client certificates where policies ask for them:
    #   listen 443 ssl; ssl_certificate …; ssl_certificate_key …;
    #   ssl_client_certificate …; ssl_verify_client optional;
    listen ${spelled(front)};
    merge_slashes off;
    underscores_in_headers off;

    location / {
        auth_request ${INTERNAL};
        auth_request_set $writ_answer $upstream_http_${answered.proof.replaceAll("-", "_")};
        auth_request_set $writ_reason $upstream_http_${answered.reason.replaceAll("-", "_")};
${lines(
  upstreamHeaders.map((name) => `auth_request_set ${variable(name)} $upstream_http_${name.replaceAll("-", "_")};`),
  "        ",
)}
        # Without a URI behind the name: the upstream gets the path as it was sent and decided on.
        proxy_pass http://$writ_upstream;
        proxy_http_version 1.1;
        proxy_set_header Host $host;
        proxy_set_header Connection "";
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        # What the sidecar says of the caller; an empty one takes the client's own away.
${lines(
  upstreamHeaders.map((name) => set(name, variable(name))),
  "        ",
)}${lines(
  away.map((name) => set(name, '""')),
  "        ",
)}    }

    location = ${INTERNAL} {
        internal;
        proxy_pass http://writ_sidecar${DECIDE};
        proxy_http_version 1.1;
        proxy_pass_request_body off;
        proxy_intercept_errors off;
        proxy_connect_timeout ${PATIENCE}ms;
        proxy_send_timeout ${PATIENCE}ms;
        proxy_read_timeout ${PATIENCE}ms;
        proxy_buffer_size 16k;
        proxy_buffers 4 16k;
        proxy_busy_buffers_size 16k;
        proxy_set_header Host writ;
        proxy_set_header Connection "";
        proxy_set_header Content-Length "";
        # Each of them, so that no client's own comes through.
${lines(
  [
    set(asked.secret, words.ask),
    set(asked.question, "$request_id"),
    set(asked.method, "$request_method"),
    set(asked.target, "$request_uri"),
    set(asked.host, "$host"),
    set(asked.address, "$remote_addr"),
    set(asked.certificate, "$ssl_client_escaped_cert"),
    set(asked.verified, "$ssl_client_verify"),
    set(asked.proof, '""'),
    ...Object.values(answered).map((name) => set(name, '""')),
  ],
  "        ",
)}    }
}
`;
}

const INTERNAL = "/.writ-decide";

function spelled({ host, port }: HostAndPort): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
