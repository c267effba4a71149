import {type SavedEndpoint} from '../config/config.js';
import {assertGoodName} from '../config/consortiums.js';
import {demo} from '../config/demo.js';
import {choiceIn, described, objectWith, textIn} from '../core/checks.js';
import {type SavedConsortium} from '../core/consortium.js';
import {
	readConsortium,
	type ConsortiumConfig,
} from '../core/consortium-config.js';
import {UserError} from '../core/user-error.js';
import {apis, readBaseUrl} from '../providers/endpoint.js';
import {plain} from '../text/plain.js';
import {assertEndpointName, isVariableName} from './endpoint-rules.js';

/**
What consortiums are shared as.
*/
export type ConsortiumFile = {
	readonly v: 1;
	readonly consortiums: Readonly<Record<string, SavedConsortium>>;

	/**
	The servers a person added, by name, that the members and arbiters are on.
	*/
	readonly endpoints: Readonly<Record<string, SavedEndpoint>>;
};

/**
Far more than anybody writes by hand.
*/
const longestLine = 1000;
const deepest = 32;

/**
Read what `export`, `show --json` or `list --json` printed, whoever wrote it: nothing in it has been believed. The built-in consortium, which a list has as well, is left out.

@throws UserError for everything that is not allowed, naming the place in the file. Nothing a terminal would act on is repeated.
*/
export function readConsortiumFile(text: string): ConsortiumFile {
	const value = jsonIn(text);
	assertHarmless(value, '', {depth: 0, isManyLined: false});
	const given = objectWith(value, 'What it holds', null);

	if (!Object.hasOwn(given, 'consortiums')) {
		if (!Object.hasOwn(given, 'members')) {
			throw new UserError('It holds no consortium.');
		}

		const name = textIn(given['name'], 'name');
		return {
			v: 1,
			consortiums: {[name]: namedIn(given, name)},
			endpoints: {},
		};
	}

	const {
		v,
		consortiums,
		endpoints = {},
	} = objectWith(given, 'The file', [
		'v',
		'consortiums',
		'endpoints',
		'default',
	]);

	if (v !== 1) {
		throw new UserError(
			`v is 1 in a file that this version reads, not ${described(v)}.`,
			'Update consortium-tui.',
		);
	}

	return {
		v,
		consortiums: Array.isArray(consortiums)
			? listedIn(consortiums)
			: mapped(consortiums, 'consortiums', namedIn),
		endpoints: mapped(endpoints, 'endpoints', endpointIn),
	};
}

/**
@throws UserError for a text that is not JSON, with the place of the mistake.
*/
export function jsonIn(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new UserError(
			`It is not JSON: ${plain((error as Error).message).replaceAll(/\s+/g, ' ')}.`,
			'',
			{cause: error},
		);
	}
}

/**
A consortium in JSON; the name is the given one, whatever it says itself.

@throws UserError for everything that is not allowed, naming it.
*/
export function consortiumIn(value: unknown, name: string): SavedConsortium {
	const given = objectWith(value, 'A consortium', null);
	return readConsortium({...given, name} as unknown as ConsortiumConfig);
}

/**
A consortium in JSON of which nothing has been believed.

@throws UserError for everything that is not allowed, naming it. Nothing a terminal would act on is repeated.
*/
export function strangerIn(value: unknown, name: string): SavedConsortium {
	assertHarmless(value, '', {depth: 0, isManyLined: false});
	return namedIn(value, name);
}

function namedIn(value: unknown, name: string): SavedConsortium {
	assertGoodName(name);
	return consortiumIn(value, name);
}

function listedIn(
	list: readonly unknown[],
): Readonly<Record<string, SavedConsortium>> {
	const found = new Map<string, SavedConsortium>();

	for (const [index, each] of list.entries()) {
		at(`consortiums[${index}]`, () => {
			const given = objectWith(each, 'A consortium', null);
			const name = textIn(given['name'], 'name');

			if (found.has(name)) {
				throw new UserError(`A consortium before it is called "${name}", too.`);
			}

			if (name !== demo.name) {
				found.set(name, namedIn(given, name));
			}
		});
	}

	return Object.fromEntries(found);
}

function mapped<Value>(
	value: unknown,
	place: string,
	read: (value: unknown, name: string) => Value,
): Readonly<Record<string, Value>> {
	return Object.fromEntries(
		Object.entries(objectWith(value, place, null)).map(([name, each]) => [
			name,
			at(`${place}.${name}`, () => read(each, name)),
		]),
	);
}

function endpointIn(value: unknown, name: string): SavedEndpoint {
	assertEndpointName(name);
	const {
		baseUrl,
		keyEnv = null,
		api = 'chat',
	} = objectWith(value, 'An endpoint', ['baseUrl', 'keyEnv', 'api']);
	const variable = keyEnv === null ? null : textIn(keyEnv, 'keyEnv');

	if (variable !== null && !isVariableName(variable)) {
		throw new UserError(
			'keyEnv is the name of an environment variable, not the key itself.',
			'For example: LAB_API_KEY',
		);
	}

	const written = textIn(baseUrl, 'baseUrl');
	const address = readBaseUrl(written, `"${name}"`);

	// A person will be asked about it, and must see where it leads.
	if (!/^[!-~]+$/.test(written)) {
		throw new UserError(
			'baseUrl has spaces or letters in it that look like others.',
			'Write it as it is sent: %20 for a space, a host such as bücher.example as xn--bcher-kva.example.',
		);
	}

	return {
		baseUrl: address,
		keyEnv: variable,
		api: choiceIn(api, 'api', apis),
	};
}

/**
Put the place in front of what is wrong there.
*/
function at<Value>(place: string, read: () => Value): Value {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		// A sentence in small letters begins with the key it is about.
		const joint = /^[a-z]/.test(error.message) ? '.' : ': ';
		throw new UserError(`${place}${joint}${error.message}`, error.hint, {
			cause: error,
		});
	}
}

/**
@throws UserError for what JSON can hold and no consortium does: what a terminal would act on, what is too long or deep to be shown, a key that changes what an object is.
*/
function assertHarmless(
	value: unknown,
	place: string,
	{depth, isManyLined}: {readonly depth: number; readonly isManyLined: boolean},
): void {
	const name = place || 'The file';

	if (depth > deepest) {
		throw new UserError(`${name} is nested too deeply.`);
	}

	if (typeof value === 'string') {
		assertShowable(value, name, isManyLined);
	} else if (typeof value === 'number' && !Number.isFinite(value)) {
		throw new UserError(`${name} is too large a number.`);
	} else if (typeof value === 'object' && value !== null) {
		for (const [key, each] of Object.entries(value)) {
			assertShowable(key, `A key in ${name}`, false);

			if (key === '__proto__') {
				throw new UserError(`${name} cannot have a key "${key}".`);
			}

			const inner = Array.isArray(value)
				? `${place}[${key}]`
				: `${place}${place && '.'}${key}`;
			assertHarmless(each, inner, {
				depth: depth + 1,
				isManyLined: isManyLined || mayHaveLines(key, each, place),
			});
		}
	}
}

/**
Whether texts under this key may have several lines: a system prompt, the options of a model, the parameters of a strategy. All of these could be the name of a consortium as well.
*/
const mayHaveLines = (key: string, value: unknown, place: string) =>
	key === 'system'
		? typeof value === 'string'
		: ['options', 'params'].includes(key) && place.endsWith(']');

function assertShowable(
	text: string,
	name: string,
	isManyLined: boolean,
): void {
	const shown = isManyLined ? text.replaceAll('\r\n', '\n') : text;
	const breaks = isManyLined ? null : /[\n\t\u2028\u2029]/;

	if (plain(shown) !== shown || breaks?.test(shown)) {
		throw new UserError(
			`${name} has ${breaks ? 'line breaks, ' : ''}control characters or marks that turn text around in it.`,
		);
	}

	if (!isManyLined && text.length > longestLine) {
		throw new UserError(`${name} is longer than ${longestLine} characters.`);
	}
}
