import {type SavedEndpoint} from '../config/config.js';
import {demo} from '../config/demo.js';
import {UserError} from '../core/user-error.js';
import {vendors} from '../providers/presets.js';
import {type Place} from './command.js';
import {keyRing} from './key-ring.js';
import {warnIfReadable} from './servers.js';

const ownNames = new Set([...vendors.map(({name}) => name), demo.name]);

/**
@throws UserError for a name that is built in, or that could not stand before the slash of a model.
*/
export function assertEndpointName(name: string): void {
	if (ownNames.has(name)) {
		throw new UserError(
			`The name "${name}" is taken: it is built in.`,
			'Choose another name.',
		);
	}

	if (!/^[a-z\d][\w.-]{0,63}$/i.test(name)) {
		throw new UserError(
			`An endpoint cannot be called "${name}".`,
			'Use up to 64 letters, digits, dots, dashes and underscores, a letter or digit first.',
		);
	}
}

/**
Whether a text can be the name of an environment variable, and so is no key.
*/
export function isVariableName(text: string): boolean {
	return /^[a-z_]\w*$/i.test(text);
}

/**
Tell which key a new endpoint will be sent, and whether others can read it on its way.
*/
export async function warnOfKey(
	name: string,
	endpoint: SavedEndpoint,
	place: Place,
): Promise<void> {
	const ring = await keyRing(place, {endpoints: {[name]: endpoint}});
	const isStored = ring.get(name)?.source === 'stored';

	if (isStored) {
		place.stderr.write(
			`! The key that is stored for ${name} will be sent to ${endpoint.baseUrl}. To forget it: consortium-tui keys remove ${name}\n`,
		);
	}

	if (endpoint.keyEnv !== null || isStored) {
		warnIfReadable(endpoint.baseUrl, place);
	}
}
