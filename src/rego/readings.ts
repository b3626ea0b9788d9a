/** What conditions are made of, in Rego: text that is the same for every estate. */

const facts = `#
# Conditions. A fact that cannot be read never widens access: then a grant does not apply, and a deny does.
#

# Without a token there are no claims, and those of another issuer are none of the condition's.
token_of(name) if issuer.name == name

token_age := input.time - input.token.iat

token_lifetime := input.token.exp - input.token.iat

# Raw as sent; what holds an escape is not read.
parameter(name) := value if {
	value := parameters[name]
	not contains(value, "%")
}

parameters[name] := segments[place] if some name, place in operation.parameters

parameters[operation.rest.name] := concat("/", array.slice(segments, operation.rest.place, count(segments)))

headers_sent := object.get(input.request, "headers", {})

# A header that came more than once is not read.
header(name) := headers_sent[name] if is_string(headers_sent[name])

header(name) := value if [value] = headers_sent[name]

readable_header(name) if is_string(header(name))

readable_header(name) if not present(headers_sent, name)

# An address, not a range.
is_address(text) if {
	is_boolean(net.cidr_contains("::/0", text))
	not contains(text, "/")
}

address_in(text, range) if {
	is_address(text)
	net.cidr_contains(range, text)
}
`;

const unconditional = `# A grant without condition.
condition_holds("")
`;

const noConditions = `# No deny has a condition.
condition_fails(_) := false
`;

const ownConditions = `condition_holds(name) if {
	readable[name]
	holds[name]
}

condition_fails(name) if {
	readable[name]
	not holds[name]
}
`;

const sharedConditions = `# The conditions of one form differ only in their literals.
condition_holds(name) if {
	form := data.writ.forms[name].form
	readable_form[form]
	holds_form[form][name]
}

condition_fails(name) if {
	form := data.writ.forms[name].form
	readable_form[form]
	not holds_form[form][name]
}
`;

/** How conditions are asked for, and how facts are read. */
export function readings(own: boolean, shared: boolean): readonly string[] {
  if (!own && !shared) return [unconditional, noConditions];
  return [facts, unconditional, ...(own ? [ownConditions] : []), ...(shared ? [sharedConditions] : [])];
}
