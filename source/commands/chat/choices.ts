import {type Config} from '../../config/config.js';
import {consortiumsOf, findConsortium} from '../../config/consortiums.js';
import {demo} from '../../config/demo.js';
import {withArbiter} from '../../providers/default-arbiter.js';
import {type Choice} from '../../ui/services.js';
import {savedConsortiums} from '../known-consortiums.js';
import {keysOn} from '../key-ring.js';
import {type Outside} from './outside.js';

export type Keys = Readonly<Record<string, string | null>>;

/**
@throws UserError when there is none of this name.
*/
export function savedChoice(config: Config, name: string, keys: Keys): Choice {
	const consortium = findConsortium(config, name);
	const [arbiter] = withArbiter(
		consortium,
		keys,
		savedConsortiums(config),
	).arbiters;

	return {
		kind: name === demo.name ? 'built-in' : 'saved',
		consortium,
		isDefault: config.default === name,
		...(consortium.arbiters.length === 0 && {arbiter: arbiter!.model}),
	};
}

/**
Saved ones and the built-in one.
*/
export async function consortiumChoices({
	look,
}: Outside): Promise<readonly Choice[]> {
	const {config, ring} = await look();
	const keys = keysOn(ring);

	return consortiumsOf(config).map(({name}) => savedChoice(config, name, keys));
}
