import {type Config} from '../config/config.js';
import {type SavedConsortium} from '../core/consortium.js';
import {without} from './records.js';

/**
A configuration with this consortium in it, in place of the one of its name, and of the one of its old name, which stays the default if it was.
*/
export function withConsortium(
	config: Config,
	consortium: SavedConsortium,
	oldName: string = consortium.name,
): Config {
	const {name} = consortium;

	return {
		...config,
		default: config.default === oldName ? name : config.default,
		consortiums: {
			...without(config.consortiums, oldName),
			[name]: consortium,
		},
	};
}

export function withoutConsortium(config: Config, name: string): Config {
	return {
		...config,
		default: config.default === name ? null : config.default,
		consortiums: without(config.consortiums, name),
	};
}
