import {choiceIn, numberIn, objectWith, textIn} from '../core/checks.js';
import {endpointsOf} from './endpoints.js';
import {apis, type Endpoint} from './endpoint.js';
import {baseUrlsIn, keysIn, type Environment} from './environment.js';
import {type Price} from './price-table.js';

/**
What a program passes to reach models. What is left out stands in environment variables or is not needed.
*/
export type Access = {
	/**
	Keys by provider, such as `openai` or the name of an endpoint. Those left out are looked for in the environment (`OPENAI_API_KEY`, `ANTHROPIC_API_KEY`, `GEMINI_API_KEY` or `GOOGLE_API_KEY`, `OPENROUTER_API_KEY`, …, and the `keyEnv` of an endpoint); null means that there is none.
	*/
	readonly keys?: Readonly<Record<string, string | null>>;

	/**
	Servers of your own by name, which is the provider in `provider/model`. `keyEnv`: the environment variable of its key; null (default) when it asks for none. `api`: its protocol, `chat` unless given.
	*/
	readonly endpoints?: Readonly<
		Record<
			string,
			{
				readonly baseUrl: string;
				readonly keyEnv?: string | null;
				readonly api?: Endpoint['api'];
			}
		>
	>;

	/**
	Other addresses for vendors (`anthropic`, `openai`, `gemini`), by name. Those left out are looked for in the environment (`OPENAI_BASE_URL` and its like).
	*/
	readonly baseUrls?: Readonly<Record<string, string | null>>;

	/**
	By `provider/model` or by model alone; they win over the known prices.
	*/
	readonly prices?: Readonly<Record<string, Price>>;
};

/**
How models are reached: what was passed, completed from the environment.

@throws UserError for everything that is not allowed.
*/
export function readAccess(
	{keys = {}, endpoints = {}, baseUrls = {}, prices = {}}: Access,
	environment: Environment,
) {
	const added = entriesOf(endpoints, 'endpoints').map(([name, value]) =>
		endpointIn(name, value),
	);
	const addresses = {
		...baseUrlsIn(environment),
		...textsIn(baseUrls, 'baseUrls'),
	};

	// A wrong address is said now, not when a model of that server is called.
	endpointsOf(added, addresses);

	return {
		keys: {...keysIn(environment, added), ...textsIn(keys, 'keys')},
		endpoints: added,
		baseUrls: addresses,
		prices: Object.fromEntries(
			entriesOf(prices, 'prices').map(([model, price]) => [
				model,
				priceIn(price, `prices["${model}"]`),
			]),
		),
	};
}

const entriesOf = (value: unknown, name: string) =>
	Object.entries(objectWith(value, name, null));

const textsIn = (value: unknown, name: string) =>
	Object.fromEntries(
		entriesOf(value, name)
			.filter(([, text]) => text !== undefined)
			.map(([key, text]) => [
				key,
				text === null ? null : textIn(text, `${name}.${key}`, true),
			]),
	);

function endpointIn(name: string, value: unknown): Endpoint {
	const owner = `endpoints.${name}`;
	const {
		baseUrl,
		keyEnv = null,
		api = 'chat',
	} = objectWith(value, owner, ['baseUrl', 'keyEnv', 'api']);

	return {
		name,
		baseUrl: textIn(baseUrl, `${owner}.baseUrl`),
		keyEnv: keyEnv === null ? null : textIn(keyEnv, `${owner}.keyEnv`),
		api: choiceIn(api, `${owner}.api`, apis),
	};
}

function priceIn(value: unknown, name: string): Price {
	const given = objectWith(value, name, [
		'input',
		'output',
		'cacheRead',
		'cacheWrite',
	]);
	const dollars = (key: string) =>
		numberIn(given[key], `${name}.${key}`, {from: 0, to: Infinity});

	return {
		input: dollars('input'),
		output: dollars('output'),
		...(given['cacheRead'] !== undefined && {cacheRead: dollars('cacheRead')}),
		...(given['cacheWrite'] !== undefined && {
			cacheWrite: dollars('cacheWrite'),
		}),
	};
}
