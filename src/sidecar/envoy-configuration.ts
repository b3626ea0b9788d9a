/** The configuration with which Envoy asks the sidecar, and goes on for nothing but its yes. JSON is YAML, and can't be read in two ways. */
import { isIP } from "node:net";
import { type HostAndPort, PATIENCE, type Settings } from "./configuration.ts";
import { answered, asked, misleading, ours } from "./names.ts";

/** A whole bootstrap: listener, filters, clusters. */
export function envoyConfiguration(settings: Settings): string {
  const { sidecar, behind } = settings;
  const clusters = [
    cluster("writ_behind", endpoint(behind), isIP(behind.host) > 0 ? "STATIC" : "STRICT_DNS", "5s"),
    cluster(
      "writ_sidecar",
      sidecar.kind === "socket" ? { pipe: { path: sidecar.path } } : endpoint(sidecar),
      "STATIC",
      seconds(PATIENCE),
    ),
  ];
  const configuration = { static_resources: { listeners: [listenerOf(settings)], clusters } };
  return `${COMMENT}${JSON.stringify(configuration, null, 2)}\n`;
}

const COMMENT = `# Written by Writ for Envoy, tried with 1.40.0. It holds what proves to Envoy that the sidecar answers: keep it readable by Envoy and
# nobody else.
#
# What opens a hole: failure_mode_allow; filter_enabled below 100 percent; a typed_per_filter_config that disables writ.ext_authz or
# writ.only_ours; filters in another order (first what a client may not send is taken away, then the sidecar is asked, then only its
# own yes goes on, then what nobody else is to see is taken away); normalize_path without path_with_escaped_slashes_action.
# With TLS: a transport_socket with a validation_context, and require_client_certificate where policies ask for certificates. Without
# a validation_context no certificate is verified, and the fact "certificate" must not be in the sidecar's configuration.
`;

const TYPE = "type.googleapis.com/envoy.extensions.filters";
const HTTP = `${TYPE}.http`;

function listenerOf(settings: Settings): object {
  const manager = {
    "@type": `${TYPE}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "writ",
    // The sidecar is to see the peer's address and the target as they are: what is not canonical is refused, never repaired.
    use_remote_address: true,
    normalize_path: false,
    merge_slashes: false,
    path_with_escaped_slashes_action: "REJECT_REQUEST",
    local_reply_config: { mappers: [onlyRefusals] },
    common_http_protocol_options: { headers_with_underscores_action: "REJECT_REQUEST" },
    route_config: {
      virtual_hosts: [
        { name: "writ", domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster: "writ_behind" } }] },
      ],
    },
    http_filters: [
      { name: "writ.from_client", typed_config: mutation(fromClient(settings)) },
      { name: "writ.ext_authz", typed_config: externalAuthorisation(settings) },
      { name: "writ.only_ours", typed_config: onlyOurs(settings) },
      { name: "writ.to_upstream", typed_config: mutation(ours.map((remove) => ({ remove }))) },
      { name: "envoy.filters.http.router", typed_config: { "@type": `${HTTP}.router.v3.Router` } },
    ],
  };
  return {
    name: "writ",
    address: endpoint(settings.front),
    filter_chains: [{ filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }] }],
  };
}

const PEER = "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%";

/** Takes away what a client may not say, and sets what Envoy knows of it. */
function fromClient({ upstreamHeaders }: Settings): readonly object[] {
  const set = (key: string, value: string) => ({
    append: { header: { key, value }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" },
  });
  return [
    ...[...ours, ...misleading, ...upstreamHeaders].map((remove) => ({ remove })),
    set(asked.address, PEER),
    // In the place of a list that a client began.
    set("x-forwarded-for", PEER),
    set(asked.certificate, "%DOWNSTREAM_PEER_CERT%"),
    set(asked.verified, "SUCCESS"),
  ];
}

function mutation(request_mutations: readonly object[]): object {
  return { "@type": `${HTTP}.header_mutation.v3.HeaderMutation`, mutations: { request_mutations } };
}

function externalAuthorisation({ words, upstreamHeaders, sidecar }: Settings): object {
  const exactly = (names: readonly string[]) => ({ patterns: names.map((exact) => ({ exact })) });
  const uri = sidecar.kind === "socket" ? "http://writ" : `http://${sidecar.host}:${sidecar.port}`;
  return {
    "@type": `${HTTP}.ext_authz.v3.ExtAuthz`,
    transport_api_version: "V3",
    failure_mode_allow: false,
    status_on_error: { code: "Forbidden" },
    clear_route_cache: false,
    validate_mutations: true,
    // All that a condition may read; never what says how the question itself is to be read.
    allowed_headers: { patterns: [{ safe_regex: { regex: ".+" } }] },
    disallowed_headers: exactly(FRAMING),
    http_service: {
      server_uri: { uri, cluster: "writ_sidecar", timeout: seconds(PATIENCE) },
      authorization_request: { headers_to_add: [{ key: asked.secret, value: words.ask }] },
      authorization_response: {
        allowed_upstream_headers: exactly([answered.proof, ...upstreamHeaders]),
        allowed_client_headers: exactly(["www-authenticate"]),
      },
    },
  };
}

/** RFC 9110 §7.6.1, RFC 9112 §6. */
const FRAMING = [
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Whatever stands in the sidecar's place: what is no yes is 401 or 403, and never a 204 that a client would take for success. */
const onlyRefusals = {
  filter: {
    and_filter: {
      filters: [
        { response_flag_filter: { flags: ["UAEX"] } },
        {
          status_code_filter: {
            comparison: { op: "NE", value: { default_value: 401, runtime_key: "writ.status_that_stays" } },
          },
        },
      ],
    },
  },
  status_code: 403,
};

/** ext_authz goes on for any 200: this looks who said it. */
function onlyOurs({ words }: Settings): object {
  const header = { name: answered.proof, string_match: { exact: words.answer } };
  return {
    "@type": `${HTTP}.rbac.v3.RBAC`,
    rules: { action: "ALLOW", policies: { writ: { permissions: [{ header }], principals: [{ any: true }] } } },
  };
}

function cluster(name: string, address: object, type: "STATIC" | "STRICT_DNS", connect_timeout: string): object {
  return {
    name,
    type,
    connect_timeout,
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
  };
}

function endpoint({ host, port }: HostAndPort): object {
  return { socket_address: { address: host, port_value: port } };
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000}s`;
}
