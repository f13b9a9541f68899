package lint

import (
	"slices"
	"strings"
)

// Kind is a kind of finding. Its ID is stable: people leave findings out by it.
type Kind struct {
	ID       string
	Severity Severity
	Name     string // For SARIF, in few words.
	Title    string // What is found.
	Remedy   string
}

// page is where the documentation tells about the kind.
func (k Kind) page() string { return "docs/lint.md#" + strings.ToLower(k.ID) }

// The kinds' IDs. A number is never given to another kind.
const (
	idSetAside        = "JWT001"
	idDoubtful        = "JWT002"
	idUserLeftOut     = "JWT003"
	idUnreadable      = "JWT004"
	idNoUsers         = "JWT010"
	idUnreachable     = "JWT011"
	idUserNever       = "JWT012"
	idUserBlank       = "JWT013"
	idPathNever       = "JWT014"
	idContradiction   = "JWT015"
	idDisabled        = "JWT016"
	idUserExpired     = "JWT017"
	idPathForeign     = "JWT018"
	idClaimedTwice    = "JWT020"
	idPublished       = "JWT030"
	idShortSecret     = "JWT031"
	idLooksBase64     = "JWT032"
	idLooksText       = "JWT033"
	idSharedSecret    = "JWT034"
	idTimesIgnored    = "JWT040"
	idNoAudience      = "JWT041"
	idNoExpiry        = "JWT042"
	idAnyIssuer       = "JWT043"
	idIssuerDiffers   = "JWT050"
	idManyKeys        = "JWT051"
	idNoKeySet        = "JWT052"
	idAddressDiffers  = "JWT053"
	idFilterBehind    = "JWT060"
	idEndpointClosed  = "JWT061"
	idEndpointAll     = "JWT062"
	idNobodyAsks      = "JWT063"
	idAnonymous       = "JWT064"
	idCacheInFront    = "JWT065"
	idCacheBehind     = "JWT066"
	idGatewayClock    = "JWT070"
	idIssuerClock     = "JWT071"
	idKeySetFails     = "JWT080"
	idTooManyRules    = "JWT081"
	idFaults          = "JWT082"
	idTokensElsewhere = "JWT083"
)

// catalogue has every kind, in the order of the IDs.
var catalogue = []Kind{
	{
		idSetAside, Error, "entry-set-aside", "An entry that cannot be used. It is set aside and accepts no token.",
		"Correct the field. The admin API lists every fault when the application is saved.",
	},
	{
		idDoubtful, Warning, "entry-doubtful", "What the driver warns of when it reads an entry.",
		"Correct the field, or leave out what has no effect.",
	},
	{
		idUserLeftOut, Error, "user-left-out", "A user with a fault. The user, the password or the key is not in force.",
		"Correct the user.",
	},
	{
		idUnreadable, Error, "unreadable", "A document that is not what the admin API takes.",
		"Give what the admin API shows of it.",
	},
	{
		idNoUsers, Error, "no-users", "An entry without users accepts no token.",
		`List the users, or write "*" for every user whom a token names.`,
	},
	{
		idUnreachable, Error, "unreachable", "An entry that gets no token: another one goes first and accepts them all.",
		"Delete one of the two, or tell them apart by iss, audience or required_claims.",
	},
	{
		idUserNever, Error, "user-never-named", "A user whom no token of the rule can name.",
		"Write the name as tokens have it at config.path. Without a path it is config.iss.",
	},
	{
		idUserBlank, Warning, "user-with-blanks", "A user's name with blanks at an end, or with characters that cannot be seen.",
		"Take them away, unless the tokens have them too.",
	},
	{
		idPathNever, Error, "path-never-filled", "A path at which no token can have a user's name.",
		"Name a claim that is a text, as sub or $.user.name. jwtctl inspect shows a token's claims.",
	},
	{
		idContradiction, Error, "contradiction", "Demands that no token can meet together.",
		"Correct iss or required_claims.",
	},
	{
		idDisabled, Note, "disabled", "A disabled application. Its tokens are refused as app_disabled.",
		"Set disable to false if that is not meant.",
	},
	{
		idUserExpired, Note, "user-expired", "A user whose time is over. The user's tokens are refused as user_expired.",
		"Set expire to a time to come, or to 0, or delete the user.",
	},
	{
		idPathForeign, Warning, "path-with-prefix", "A path that begins with the name of a token's part, as payload.sub.",
		"Leave the prefix out: the path begins in the payload.",
	},
	{
		idClaimedTwice, Error, "claimed-twice", "Two applications claim one token. The content of their rules decides which gets it, not their order.",
		"Tell them apart by iss, audience or required_claims, or keep the user in one of them.",
	},
	{
		idPublished, Error, "published-key", "A secret, or a key whose private half, is published. Anybody can make tokens.",
		"Make another one: jwtctl keygen. End the old tokens: jwtctl revoke --app.",
	},
	{
		idShortSecret, Warning, "short-secret", "A secret with fewer bits than the algorithm's hash (RFC 7518 §3.2). Who has a token can search for it.",
		"Make another one: jwtctl keygen --alg HS256.",
	},
	{
		idLooksBase64, Warning, "looks-like-base64", "A secret that looks like base64 while signature_is_base_64 is off. It is taken as text.",
		"Set signature_is_base_64 to true, if who signs decodes it.",
	},
	{
		idLooksText, Warning, "looks-like-text", "A secret that looks like text while signature_is_base_64 is on. It is decoded.",
		"Set signature_is_base_64 to false, if who signs takes it as text.",
	},
	{
		idSharedSecret, Warning, "shared-secret", "Two applications with one secret. Who signs for one can sign for the other.",
		"Give each a secret of its own.",
	},
	{
		idTimesIgnored, Warning, "times-ignored", "claims_to_verify is []. Expired tokens are accepted, for ever.",
		`Leave claims_to_verify out, or write ["exp"].`,
	},
	{
		idNoAudience, Warning, "no-audience", "No audience, though the issuer makes tokens for others too. Each of them opens the gateway.",
		"Set audience. jwtctl inspect shows the aud of a token that is meant for it.",
	},
	{
		idNoExpiry, Note, "no-expiry", "exp is not required. A token without it is accepted for ever.",
		`Write "claims_to_verify": ["exp"], or set max_lifetime.`,
	},
	{
		idAnyIssuer, Note, "any-issuer", "A fetched key set and no iss. Whatever its keys sign is accepted, of any issuer or of none.",
		"Set iss to the issuer of the discovery document.",
	},
	{
		idIssuerDiffers, Error, "issuer-differs", "The issuer of the discovery document is not iss. No token is accepted.",
		"Write iss as the document has it, letter by letter, with or without the slash at its end.",
	},
	{
		idManyKeys, Note, "keys-without-id", "Many keys without a key ID for tokens of one issuer. Each token is tried against them, up to a limit.",
		"Put the keys into a key set with a kid each, or give each application an iss of its own.",
	},
	{
		idNoKeySet, Error, "no-key-set", "The address of a key set does not answer with one.",
		"Open the address: it must be a JWK Set, or a discovery document that names one.",
	},
	{
		idAddressDiffers, Warning, "address-differs", "iss is not what the address of the discovery document begins with. Of most issuers it is.",
		"Ask the address: jwtctl lint --online.",
	},
	{
		idFilterBehind, Error, "filter-behind-app", "The route filter stands behind the plugin app, which then refuses or admits before it.",
		"Put the filter in front of app in the list of plugins.",
	},
	{
		idEndpointClosed, Error, "endpoint-behind-filter", "An endpoint of the token service on whose route a token is asked for. Who logs in has none yet.",
		`Switch the filter and app off on the route: "plugins": {"app": {"disable": true, "config": {}}}.`,
	},
	{
		idEndpointAll, Error, "endpoint-global", "The plugin of the token service is global. Every route is an endpoint.",
		`Set its status to "enable", and ask for it on the endpoints' routes.`,
	},
	{
		idNobodyAsks, Error, "nobody-asks", "There are applications with tokens, and neither app nor the filter asks for one on a route.",
		`Give app or the filter the status "global" in the list of plugins, or ask for them on the routes.`,
	},
	{
		idAnonymous, Warning, "anonymous", "An anonymous application. The plugin app lets requests with a bad token through as that application.",
		"Let the route filter stand in front of app: it refuses bad tokens.",
	},
	{
		idCacheInFront, Warning, "cache-in-front", "The cache strategy stands in front of what asks for tokens. Built with the host's own plugin, a gateway gives kept answers to anybody.",
		"Put the cache's plugin behind the filter and app.",
	},
	{
		idCacheBehind, Note, "cache-on-authenticated", "A cache strategy over routes that ask for tokens. Built with the host's own plugin, a gateway knows private answers by the header Authorization alone.",
		"Build with this project's sharedcache, or leave such routes out of the strategy. See docs/filter.md.",
	},
	{
		idGatewayClock, Warning, "gateway-clock", "The gateway's clock differs from this machine's. Tokens are too early or expired.",
		"Let both hosts follow a time server (NTP).",
	},
	{
		idIssuerClock, Warning, "issuer-clock", "An issuer's clock differs from the gateway's.",
		"Let the host follow a time server (NTP). leeway bridges some seconds.",
	},
	{
		idKeySetFails, Warning, "key-set-fails", "The gateway cannot fetch a key set. It uses the last good one, if there is one.",
		"Correct what the error says, at the issuer or on the way to it.",
	},
	{
		idTooManyRules, Warning, "too-many-rules", "Rules that are too many for one request. Some tokens without a kid are refused without a look at their key.",
		"Give each application an iss of its own, or tokens a kid.",
	},
	{
		idFaults, Error, "internal-faults", "The gateway counts faults of the driver or its plugins, and has refused those requests.",
		"Look for their stack in the gateway's log, and report it.",
	},
	{
		idTokensElsewhere, Note, "tokens-elsewhere", "Requests had a token where no rule looks.",
		"Set position and token_name to the place, or correct the client.",
	},
}

// Catalogue returns every kind, in the order of the IDs.
func Catalogue() []Kind { return slices.Clone(catalogue) }

// kindOf returns the kind with this ID, which must be there.
func kindOf(id string) Kind {
	return catalogue[slices.IndexFunc(catalogue, func(k Kind) bool { return k.ID == id })]
}

// Known reports whether there is a kind with this ID.
func Known(id string) bool {
	return slices.ContainsFunc(catalogue, func(k Kind) bool { return k.ID == id })
}
