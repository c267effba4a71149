import {isLoopback, type Endpoint} from './endpoint.js';
import {readText} from './read-text.js';
import {isRecord} from './wire-error.js';

/**
Bytes; the longest lists are a tenth of it.
*/
const longestList = 8_000_000;

/**
The ids a server lists, in its order; null when it does not answer, within 300 ms on this machine and 3 s elsewhere, with a list.
*/
export async function listModels(
	{baseUrl}: Pick<Endpoint, 'baseUrl'>,
	key: string | null,
	fetch: typeof globalThis.fetch,
): Promise<string[] | null> {
	try {
		const response = await fetch(`${baseUrl}/models`, {
			headers: key === null ? {} : {authorization: `Bearer ${key}`},
			signal: AbortSignal.timeout(isLoopback(baseUrl) ? 300 : 3000),
		});
		const body: unknown = JSON.parse(await readText(response, longestList));
		const list = isRecord(body) ? (body['data'] ?? body['models']) : null;
		// Together answers with the bare list.
		const models: unknown = Array.isArray(body) ? body : list;

		return response.ok && Array.isArray(models)
			? models.flatMap((model: unknown) =>
					isRecord(model) && typeof model['id'] === 'string'
						? [model['id']]
						: [],
				)
			: null;
	} catch {
		return null;
	}
}
