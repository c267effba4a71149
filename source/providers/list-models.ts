import {isLoopback, withoutVersion, type Endpoint} from './endpoint.js';
import {adviceForPrograms} from './endpoints.js';
import {codesOf, failureOf, type Callee} from './failure-of.js';
import {keyHeaders} from './key-headers.js';
import {type Price} from './price-table.js';
import {readText} from './read-text.js';
import {safeName} from './safe-text.js';
import {isRecord} from './wire-error.js';

/**
Bytes; the longest lists are a tenth of it.
*/
const longestList = 8_000_000;

const mostModels = 2000;

/**
A model as its server describes it.
*/
export type ListedModel = {
	/**
	One line of at most 200 characters, safe to show.
	*/
	readonly id: string;
	readonly contextTokens: number | null;
	readonly price: Price | null;
};

/**
What a server said when it was asked for its models, or why it said nothing: it refused the key, it cannot be reached, its certificate cannot be trusted, or its answer is no list. `reason` is a sentence.
*/
export type Listing =
	| {
			readonly status: 'listed';
			readonly models: readonly ListedModel[];

			/**
			How many entries are missing here: beyond the first 2,000, or with a name that is none.
			*/
			readonly leftOut: number;
	  }
	| {
			readonly status: 'key-refused' | 'unreachable' | 'tls' | 'no-list';
			readonly reason: string;
	  };

type Asking = {
	readonly fetch: typeof globalThis.fetch;
	readonly waitMs: number;

	/**
	What to do when the key is refused, as a clause; for a program when left out.
	*/
	readonly keyAdvice?: string;
};

/**
The ids a server lists, in its order; null when it does not answer, within 300 ms on this machine and 3 s elsewhere, with a list.
*/
export async function listModels(
	endpoint: Endpoint,
	key: string | null,
	fetch: typeof globalThis.fetch,
): Promise<string[] | null> {
	const waitMs = isLoopback(endpoint.baseUrl) ? 300 : 3000;
	const listing = await askForModels(endpoint, key, {fetch, waitMs});

	return listing.status === 'listed' ? listing.models.map(({id}) => id) : null;
}

/**
Ask a server for its list of models.
*/
export async function askForModels(
	endpoint: Endpoint,
	key: string | null,
	{fetch, waitMs, keyAdvice}: Asking,
): Promise<Listing> {
	const {api, name} = endpoint;
	const callee = {
		provider: name,
		// The failures of a call name its model.
		model: 'models',
		baseUrl: endpoint.baseUrl,
		key,
		keyAdvice: keyAdvice ?? adviceForPrograms(endpoint).refused,
	};

	try {
		const response = await fetch(addressOf(endpoint), {
			headers: keyHeaders(api, key),
			// The client would take a key that is not in `authorization` along to wherever it is sent.
			redirect: 'manual',
			signal: AbortSignal.timeout(waitMs),
		});
		const text = await readText(response, longestList);

		return response.ok
			? (listIn(JSON.parse(text), api, key) ?? {
					status: 'no-list',
					reason: `${name} answered with something that is no list of models.`,
				})
			: refusal(response, text, callee);
	} catch (error) {
		return trouble(error, callee, waitMs);
	}
}

function addressOf({api, baseUrl}: Endpoint): string {
	switch (api) {
		case 'anthropic': {
			return `${withoutVersion(baseUrl)}/v1/models?limit=1000`;
		}

		case 'gemini': {
			return `${withoutVersion(baseUrl)}/v1beta/models?pageSize=1000`;
		}

		default: {
			return `${baseUrl}/models`;
		}
	}
}

function refusal(
	{status, headers}: Response,
	text: string,
	callee: Callee,
): Listing {
	// Gemini says of a bad key that the request is bad.
	const isKeyRefused =
		status === 401 || status === 403 || text.includes('API_KEY_INVALID');

	if (!isKeyRefused) {
		return {
			status: 'no-list',
			reason: `${callee.provider} gives no list of models at ${callee.baseUrl} (${status}).`,
		};
	}

	const {message} = failureOf(
		{status: status === 403 ? 403 : 401, headers, error: errorIn(text)},
		callee,
		false,
	);
	return {status: 'key-refused', reason: message};
}

function errorIn(text: string): unknown {
	try {
		const body: unknown = JSON.parse(text);
		return isRecord(body) ? (body['error'] ?? body) : null;
	} catch {
		return null;
	}
}

function trouble(thrown: unknown, callee: Callee, waitMs: number): Listing {
	if (thrown instanceof SyntaxError) {
		return {
			status: 'no-list',
			reason: `${callee.provider} answered with something that is no list of models.`,
		};
	}

	if (thrown instanceof DOMException && thrown.name === 'TimeoutError') {
		return {
			status: 'unreachable',
			reason: `${callee.provider} did not answer within ${waitMs / 1000} s.`,
		};
	}

	const isOfTls = codesOf(thrown).some(code =>
		/CERT|TLS|SSL|SIGNATURE|EPROTO|CA_|CRL/.test(code),
	);
	const {message} = failureOf(thrown, callee, false);
	return {status: isOfTls ? 'tls' : 'unreachable', reason: message};
}

function listIn(
	body: unknown,
	api: Endpoint['api'],
	key: string | null,
): Listing | null {
	const list = isRecord(body) ? (body['data'] ?? body['models']) : null;
	// Together answers with the bare list.
	const entries: unknown = Array.isArray(body) ? body : list;

	if (!Array.isArray(entries)) {
		return null;
	}

	const talking = entries.filter((entry: unknown) => canTalk(entry));
	const models = talking
		.slice(0, mostModels)
		.map((entry: unknown) => modelFrom(entry, api, key))
		.filter(model => model !== null);

	return {
		status: 'listed',
		models: new Map(models.map(model => [model.id, model])).values().toArray(),
		leftOut: talking.length - models.length,
	};
}

/**
Gemini says of each model what it can be used for.
*/
function canTalk(entry: unknown): boolean {
	const methods = isRecord(entry) ? entry['supportedGenerationMethods'] : null;

	return (
		!Array.isArray(methods) ||
		methods.includes('generateContent') ||
		methods.includes('streamGenerateContent')
	);
}

function modelFrom(
	entry: unknown,
	api: Endpoint['api'],
	key: string | null,
): ListedModel | null {
	if (!isRecord(entry)) {
		return null;
	}

	const named = api === 'gemini' ? entry['name'] : entry['id'];
	const id = safeName(
		typeof named === 'string' && api === 'gemini'
			? named.replace(/^models\//, '')
			: named,
		key,
	);

	return id === null
		? null
		: {id, contextTokens: contextIn(entry), price: priceIn(entry['pricing'])};
}

/**
The names servers have for the length of a context: Anthropic, Gemini, OpenRouter and Together, Groq, vLLM, Mistral.
*/
const contextNames = [
	'max_input_tokens',
	'inputTokenLimit',
	'context_length',
	'context_window',
	'max_model_len',
	'max_context_length',
];

function contextIn(entry: Readonly<Record<string, unknown>>): number | null {
	const lengths = contextNames.map(name => entry[name]);

	return (
		lengths.find(
			(length): length is number =>
				typeof length === 'number' &&
				Number.isSafeInteger(length) &&
				length > 0,
		) ?? null
	);
}

/**
A price as OpenRouter lists it: dollars for one token, as text, and -1 where it depends.
*/
function priceIn(pricing: unknown): Price | null {
	if (!isRecord(pricing)) {
		return null;
	}

	const perMillion = (name: string) => {
		const text = pricing[name];
		const price =
			typeof text === 'string' && text.trim() !== '' ? Number(text) : -1;
		// The product of two decimals has a tail of digits that neither had.
		return price >= 0 && price <= 1
			? Number((price * 1e6).toPrecision(12))
			: null;
	};

	const input = perMillion('prompt');
	const output = perMillion('completion');
	const cacheRead = perMillion('input_cache_read');

	return input === null || output === null
		? null
		: {input, output, ...(cacheRead !== null && {cacheRead})};
}
