import {closest} from '../core/closest.js';
import {type Embedder} from '../core/embedder.js';
import {unknownUsage} from '../core/model.js';
import {charactersPerToken} from '../core/limits.js';
import {UserError} from '../core/user-error.js';
import {type Connection} from './connection.js';
import {type Endpoint} from './endpoint.js';
import {failureOf} from './failure-of.js';
import {keyHeaders} from './key-headers.js';
import {createOpenAi} from './openai-client.js';
import {isRecord} from './wire-error.js';

/**
Texts in one request.
*/
const batchSize = 100;

/**
The part of a text that is sent, in characters: most of these models read 8,000 tokens.
*/
const longestText = 20_000;

/**
Milliseconds for one request.
*/
const patienceMs = 30_000;

/**
The embedding model behind `provider/model`.

@throws UserError if there is no such server, or it has no embeddings.
*/
export function findEmbedder(
	id: string,
	endpoints: ReadonlyMap<string, Endpoint>,
	connect: (endpoint: Endpoint, model: string) => Connection,
): Embedder {
	const slash = id.indexOf('/');
	const endpoint = slash === -1 ? null : endpoints.get(id.slice(0, slash));

	if (!endpoint) {
		const names = endpoints.keys().toArray();
		throw new UserError(
			`No provider is known for the embedding model ${id}.`,
			`Name it as provider/model; the providers are ${names.join(', ')}.${closest(id.slice(0, Math.max(slash, 0)), names)}`,
		);
	}

	return createEmbedder(connect(endpoint, id.slice(slash + 1)));
}

/**
An embedding model on a server with OpenAI's protocol.

@throws UserError for a server with another one.
*/
function createEmbedder(connection: Connection): Embedder {
	const {provider, model, api, prices, settings} = connection;

	if (api !== 'chat' && api !== 'responses') {
		throw new UserError(
			`${provider} cannot be asked for embeddings: its protocol is none of OpenAI's.`,
			'Name a model such as openai/text-embedding-3-small.',
		);
	}

	const costOf = (inputTokens: number | null) =>
		prices.costOf({...unknownUsage, inputTokens, outputTokens: 0}, connection);

	const embed = async (texts: readonly string[], signal: AbortSignal) => {
		const client = await createOpenAi(connection, quietFetch(connection));
		const reply: unknown = await client.embeddings.create(
			{model, input: [...texts], encoding_format: 'float'},
			{signal, timeout: patienceMs, maxRetries: settings.maxRetries},
		);
		return {
			vectors: vectorsIn(reply, texts.length),
			tokens: tokensIn(reply),
		};
	};

	return {
		priceOf: texts =>
			costOf(
				texts.reduce(
					(sum, text) =>
						sum +
						Math.ceil(text.slice(0, longestText).length / charactersPerToken),
					0,
				),
			),
		async compare(texts, signal) {
			const giveBack = await connection.limit(signal);
			const vectors: Array<readonly number[]> = [];
			let costUsd: number | null = 0;

			try {
				for (let from = 0; from < texts.length; from += batchSize) {
					const batch = await embed(
						texts
							.slice(from, from + batchSize)
							// An empty text is refused.
							.map(text => text.slice(0, longestText).trim() || '-'),
						signal,
					);
					const cost = costOf(batch.tokens);
					costUsd = costUsd === null || cost === null ? null : costUsd + cost;

					if (!batch.vectors) {
						return failed(`${provider} answered with no embeddings.`, costUsd);
					}

					vectors.push(...batch.vectors);
				}

				return new Set(vectors.map(({length}) => length)).size > 1
					? failed(`${provider} answered with unequal embeddings.`, costUsd)
					: {matrix: cosines(vectors), problem: null, costUsd};
			} catch (error) {
				signal.throwIfAborted();

				// It was served, and may have been paid for.
				if (error instanceof SyntaxError) {
					return failed(`${provider} answered with no embeddings.`, null);
				}

				return failed(
					error instanceof UserError
						? error.message
						: failureOf(error, connection, false).message,
					costUsd,
				);
			} finally {
				giveBack();
			}
		},
	};
}

const failed = (problem: string, costUsd: number | null) => ({
	matrix: [],
	problem,
	costUsd,
});

/**
A `fetch` that tells a server that is no vendor nothing but its key, and takes it nowhere else.
*/
function quietFetch({api, key, seller, fetch}: Connection): typeof fetch {
	return async (input, init) =>
		fetch(input, {
			...init,
			redirect: 'manual',
			...(seller === null && {
				headers: {
					'content-type': 'application/json',
					accept: 'application/json',
					...keyHeaders(api, key),
				},
			}),
		});
}

/**
The vectors of a reply, in the order of the texts; null for a reply that is none.
*/
function vectorsIn(
	reply: unknown,
	count: number,
): ReadonlyArray<readonly number[]> | null {
	const data: unknown = isRecord(reply) ? reply['data'] : null;

	if (!Array.isArray(data) || data.length !== count) {
		return null;
	}

	const vectors: Array<readonly number[] | undefined> = Array.from({
		length: count,
	});

	for (const [place, entry] of data.entries()) {
		const {embedding, index = place} = isRecord(entry)
			? (entry as {readonly embedding?: unknown; readonly index?: unknown})
			: {};

		if (typeof index === 'number' && isVector(embedding)) {
			vectors[index] = embedding;
		}
	}

	const [first] = vectors;
	const isWhole = (
		all: ReadonlyArray<readonly number[] | undefined>,
	): all is ReadonlyArray<readonly number[]> =>
		all.length === count && all.every(each => each?.length === first?.length);

	return first !== undefined && isWhole(vectors) ? vectors : null;
}

function isVector(value: unknown): value is readonly number[] {
	return (
		Array.isArray(value) &&
		value.length > 0 &&
		value.every(each => Number.isFinite(each))
	);
}

function tokensIn(reply: unknown): number | null {
	const usage: unknown = isRecord(reply) ? reply['usage'] : null;
	const tokens: unknown = isRecord(usage) ? usage['prompt_tokens'] : null;
	return typeof tokens === 'number' && tokens >= 0 ? tokens : null;
}

/**
The cosine of each two vectors; 0 where one has no length.
*/
export function cosines(vectors: ReadonlyArray<readonly number[]>): number[][] {
	const norms = vectors.map(vector => Math.hypot(...vector));

	return vectors.map((left, row) =>
		vectors.map((right, column) => {
			const product = left.reduce(
				(sum, each, index) => sum + each * right[index]!,
				0,
			);
			const size = norms[row]! * norms[column]!;
			return size > 0 ? Math.max(-1, Math.min(1, product / size)) : 0;
		}),
	);
}
