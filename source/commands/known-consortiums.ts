import {type Config} from '../config/config.js';
import {consortiumsOf} from '../config/consortiums.js';
import {type Consortiums} from '../core/nesting.js';
import {withArbiter} from '../providers/default-arbiter.js';

/**
The consortiums that members and arbiters may name.
*/
export function savedConsortiums(config: Config): Consortiums {
	return new Map(consortiumsOf(config).map(each => [each.name, each]));
}

/**
The same as they are called: each with an arbiter, where it has members.
*/
export function knownConsortiums(
	config: Config,
	keys: Readonly<Record<string, string | null>>,
): Consortiums {
	const saved = savedConsortiums(config);

	return new Map(
		[...saved].map(([name, each]) => [
			name,
			each.members.length === 0 ? each : withArbiter(each, keys, saved),
		]),
	);
}
