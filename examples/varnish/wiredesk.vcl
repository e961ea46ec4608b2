vcl 4.1;

# Varnish 7 in front of Wiredesk. Change the two addresses, start varnishd with this file
# and tell Wiredesk of it: docs/how-to/put-a-cache-in-front.md.

import std;

backend wiredesk {
    .host = "127.0.0.1";
    .port = "8000";
}

# Who may say what to drop: the machines Wiredesk's worker runs on.
acl newsroom {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    # BAN, Surrogate-Keys: story-12 picture-7 list-politics
    if (req.method == "BAN") {
        if (client.ip !~ newsroom) {
            return (synth(403, "Only the newsroom may say what to drop."));
        }
        # Nothing but keys: what is sent here becomes part of a pattern.
        if (req.http.Surrogate-Keys !~ "^[a-z0-9-]+( [a-z0-9-]+)*$") {
            return (synth(400, "Surrogate-Keys must name keys."));
        }
        # Dropped at once and for good: a story that was killed is never served stale.
        # The condition speaks of obj alone, so that Varnish can clear up by itself.
        # Blanks end its parts, so the pattern says \s.
        if (std.ban("obj.http.Surrogate-Key ~ (^|\s)("
                    + regsuball(req.http.Surrogate-Keys, " ", "|") + ")(\s|$)")) {
            return (synth(200, "Dropped."));
        }
        return (synth(500, std.ban_error()));
    }

    # The desk and the wire are never kept; their answers are for one person.
    if (req.url ~ "^/(desk|wire)/") {
        return (pass);
    }
    # A public page is the same for everyone, whatever cookies a browser sends.
    unset req.http.Cookie;
}

sub vcl_backend_response {
    # How long to keep an answer is said in Surrogate-Control and nowhere else; browsers
    # are told something shorter.
    if (beresp.http.Surrogate-Control ~ "max-age=[0-9]+") {
        set beresp.ttl = std.duration(
            regsub(beresp.http.Surrogate-Control, "^.*max-age=([0-9]+).*$", "\1s"), 0s);
    } else if (bereq.url !~ "^/static/") {
        set beresp.ttl = 0s;
        set beresp.uncacheable = true;
    }
    # No second longer: at its end a story may have expired.
    set beresp.grace = 0s;
    set beresp.keep = 0s;
    # Enough is said: the built-in rules would refuse what tells browsers "no-cache".
    if (beresp.ttl > 0s && !beresp.http.Set-Cookie && beresp.http.Vary != "*") {
        return (deliver);
    }
    set beresp.uncacheable = true;
    # How long Varnish remembers that this isn't kept; it keeps no answer meanwhile.
    set beresp.ttl = 10s;
    return (deliver);
}

sub vcl_deliver {
    # These are between us; browsers needn't know.
    unset resp.http.Surrogate-Key;
    unset resp.http.Surrogate-Control;
    if (obj.hits > 0) {
        set resp.http.X-Cache = "hit";
    } else {
        set resp.http.X-Cache = "miss";
    }
}
