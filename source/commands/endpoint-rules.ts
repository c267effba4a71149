import {type SavedEndpoint} from '../config/config.js';
import {demo} from '../config/demo.js';
import {UserError} from '../core/user-error.js';
import {isLoopback} from '../providers/endpoint.js';
import {vendors} from '../providers/presets.js';
import {type Place} from './command.js';

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
Warn of an address to which a key would travel readable.
*/
export function warnOfOpenLine(
	{baseUrl, keyEnv}: SavedEndpoint,
	{stderr}: Pick<Place, 'stderr'>,
): void {
	if (keyEnv !== null && baseUrl.startsWith('http:') && !isLoopback(baseUrl)) {
		stderr.write(
			`Warning: ${baseUrl} is not encrypted, so the key and every question can be read on the way.\n`,
		);
	}
}
