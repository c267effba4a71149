import {type Config} from '../config/config.js';
import {type SavedConsortium} from '../core/consortium.js';
import {nestedIn} from '../core/nesting.js';
import {providerOf} from '../providers/resolve.js';
import {savedConsortiums} from './known-consortiums.js';
import {without} from './records.js';

/**
A configuration with this consortium in it, in place of the one of its name, and of the one of its old name, which stays the default if it was, and a member or an arbiter of the others.

@throws UserError when it cannot stand where it would.
*/
export function withConsortium(
	config: Config,
	consortium: SavedConsortium,
	oldName: string = consortium.name,
): Config {
	const {name} = consortium;
	const isRenamed =
		name !== oldName && Object.hasOwn(config.consortiums, oldName);
	const others = Object.entries(without(config.consortiums, oldName)).map(
		([other, each]) =>
			[
				other,
				isRenamed ? withRenamed(each, new Map([[oldName, name]])) : each,
			] as const,
	);
	const changed = {
		...config,
		default: config.default === oldName ? name : config.default,
		consortiums: {...Object.fromEntries(others), [name]: consortium},
	};

	nestedIn(consortium, savedConsortiums(changed));
	return changed;
}

/**
A consortium that is to stand under another name beside one of its own: a model of that name, which it alone can have, is called with its provider, where that is known.
*/
export function withOwnModel(consortium: SavedConsortium): SavedConsortium {
	const {name} = consortium;
	const provider = providerOf(name);

	return provider === null
		? consortium
		: withRenamed(consortium, new Map([[name, `${provider}/${name}`]]));
}

/**
A consortium with those in it called by new names.
*/
export function withRenamed(
	consortium: SavedConsortium,
	names: ReadonlyMap<string, string>,
): SavedConsortium {
	const renamed = <Named extends {readonly model: string}>(each: Named) => ({
		...each,
		model: names.get(each.model) ?? each.model,
	});

	return {
		...consortium,
		members: consortium.members.map(each => renamed(each)),
		arbiters: consortium.arbiters.map(each => renamed(each)),
	};
}

export function withoutConsortium(config: Config, name: string): Config {
	return {
		...config,
		default: config.default === name ? null : config.default,
		consortiums: without(config.consortiums, name),
	};
}
