/** The checks of the procedure on the forms of values, in Rego: shape and limits of the input, claims, paths, SPIFFE IDs. */
import { clockSkew, limits } from "../model/index.ts";

const continuation = "%[89AB][0-9A-F]";
/** Row 6: `pchar` less `;`, and the escapes that a canonical path may hold, bytes outside ASCII only as whole UTF-8 (RFC 3629 section 4). */
const pathCharacter = [
  "[A-Za-z0-9._~!$&'()*+,=:@-]",
  "%(?:2[0-46-9ABC]|3[AC-F]|40|5[BDE]|60|7[BCD])",
  `%(?:C[2-9A-F]|D[0-9A-F])${continuation}`,
  `%E0%[AB][0-9A-F]${continuation}`,
  `%E[1-9ABCEF](?:${continuation}){2}`,
  `%ED%[89][0-9A-F]${continuation}`,
  `%F0%[9AB][0-9A-F](?:${continuation}){2}`,
  `%F[1-3](?:${continuation}){3}`,
  `%F4%8[0-9A-F](?:${continuation}){2}`,
].join("|");

const scopeName = "[\\x21\\x23-\\x5b\\x5d-\\x7e]+";

/** A character of the compact text counts at most so many bytes: one of four in UTF-8, or a digit that counts as a number. */
const worstGrowth = 6;

export const checks = `#
# Forms of values.
#

forever := ${Number.MAX_SAFE_INTEGER}

clock_skew := ${clockSkew}

# A whole number of seconds that every engine holds exactly.
is_time(value) if {
	is_integer(value)
	value >= 0
}

is_integer(value) if {
	is_number(value)
	value >= 0 - forever
	value <= forever
	floor(value) == value
}

is_texts(value) if {
	is_array(value)
	every item in value {
		is_string(item)
	}
}

is_text_or_texts(value) if is_string(value)

is_text_or_texts(value) if is_texts(value)

# Bytes in UTF-8, which \`count\` of a string is not.
is_within(text, bytes) if count(hex.encode(text)) <= bytes * 2

present(value, name) if _ = value[name]

input_has_shape if {
	is_time(input.time)
	is_string(input.request.host)
	is_string(input.request.method)
	is_string(input.request.path)
	is_string(object.get(input.request, "ip", ""))
	headers_have_shape(object.get(input.request, "headers", {}))
	is_object(object.get(input, "token", {}))
	is_object(object.get(input, "peer", {}))
	is_string(object.get(input, ["peer", "spiffe"], ""))
	is_string(object.get(input, ["peer", "x5t#S256"], ""))
	is_object(object.get(input, "proof", {}))
	is_string(object.get(input, ["proof", "jkt"], ""))
	is_object(object.get(input, "key", {}))
	is_string(object.get(input, ["key", "id"], ""))
}

headers_have_shape(headers_sent) if {
	is_object(headers_sent)
	every values in headers_sent {
		is_text_or_texts(values)
	}
}

# Size and depth of the whole input: the compact text, where a number counts ${limits.numberBytes} bytes, however it is spelled.
compact := json.marshal(input)

# Nearly every input is so small and flat that its text alone shows it.
input_is_small if {
	count(compact) * ${worstGrowth} <= ${limits.inputBytes}
	strings.count(compact, "{") + strings.count(compact, "[") <= ${limits.inputDepth}
}

else if {
	every depth in depths {
		depth < ${limits.inputDepth}
	}
	(text_bytes - number_bytes) + (${limits.numberBytes} * count(numbers)) <= ${limits.inputBytes}
}

depths contains count(path) if {
	walk(input, [path, value])
	is_container(value)
}

is_container(value) if is_object(value)

is_container(value) if is_array(value)

# \`json.marshal\` escapes what JSON need not escape.
text_bytes := count(hex.encode(plain)) / 2 if {
	pairless := replace(compact, "\\\\\\\\", "__")
	markup := strings.replace_n({"\\\\u003c": "_", "\\\\u003e": "_", "\\\\u0026": "_"}, pairless)
	plain := strings.replace_n({"\\\\u2028": "___", "\\\\u2029": "___"}, markup)
}

numbers := [value |
	walk(input, [_, value])
	is_number(value)
]

number_bytes := sum([count(json.marshal(number)) | some number in numbers])

fields_keep_limits if {
	is_within(input.request.path, ${limits.pathBytes})
	count(split(input.request.path, "/")) - 1 <= ${limits.pathSegments}
	is_within(object.get(input, ["peer", "spiffe"], ""), ${limits.spiffeBytes})
	text_keeps_limit(object.get(input, ["token", "sub"], ""), ${limits.nameBytes})
	text_keeps_limit(object.get(input, ["token", "jti"], ""), ${limits.nameBytes})
	text_keeps_limit(object.get(input, ["token", "scope"], ""), ${limits.scopeBytes})
	scopes_keep_limit(object.get(input, ["token", "scope"], ""))
	audiences_keep_limit(object.get(input, ["token", "aud"], []))
}

# Whether it is a text at all is asked in step 1.
text_keeps_limit(value, bytes) if is_within(value, bytes)

else if not is_string(value)

scopes_keep_limit(value) if count(split(value, " ")) <= ${limits.scopeCount}

else if not are_scopes(value)

audiences_keep_limit(value) if count(value) <= ${limits.audiences}

else if not is_array(value)

# RFC 6749 section 3.3; the empty text holds none.
are_scopes(value) if regex.match(\`^(?:${scopeName}(?: ${scopeName})*)?$\`, value)

claims_fit if credential != "token"

claims_fit if {
	is_string(input.token.sub)
	input.token.sub != ""
	is_texts(audiences)
	is_time(input.token.exp)
	is_time(input.token.iat)
	is_time(object.get(input.token, "nbf", 0))
	is_string(object.get(input.token, "jti", "-"))
	object.get(input.token, "jti", "-") != ""
	are_scopes(object.get(input.token, "scope", ""))
	is_object(object.get(input.token, "cnf", {}))
	is_string(object.get(input.token, ["cnf", "x5t#S256"], ""))
	is_string(object.get(input.token, ["cnf", "jkt"], ""))
	every name, claim in issuer.claims {
		claim_fits(name, claim)
	}
}

claim_fits(name, claim) if {
	claim.optional
	not present(input.token, name)
}

claim_fits(name, claim) if has_type(claim, input.token[name])

has_type(claim, value) if {
	claim.type == "boolean"
	is_boolean(value)
}

has_type(claim, value) if {
	claim.type == "integer"
	is_integer(value)
}

has_type(claim, value) if {
	claim.type == "string"
	is_string(value)
}

has_type(claim, value) if {
	claim.type == "enumeration"
	some text in claim.values
	text == value
}

has_type(claim, value) if {
	claim.type == "strings"
	is_texts(value)
}

path_is_canonical if {
	regex.match(
		\`^/(?:(?:${pathCharacter})+/)*(?:${pathCharacter})*$\`,
		input.request.path,
	)
	not regex.match(\`/\\.\\.?(?:/|$)\`, input.request.path)
}

is_spiffe_id(text) if {
	count(text) <= ${limits.spiffeBytes}
	regex.match(\`^spiffe://[a-z0-9._-]{1,255}(?:/[a-zA-Z0-9._-]+)+$\`, text)
	not regex.match(\`[^/]/\\.\\.?(?:/|$)\`, text)
}
`;
