/**
The beginning of a body as text, at most `most` bytes of it. The rest is not waited for: the connection is left.
*/
export async function readText(
	{body}: {readonly body: ReadableStream<Uint8Array> | null},
	most: number,
): Promise<string> {
	if (!body) {
		return '';
	}

	const decoder = new TextDecoder();
	let text = '';
	let left = most;

	for await (const chunk of body) {
		text += decoder.decode(chunk.subarray(0, left), {stream: true});
		left -= chunk.length;

		if (left <= 0) {
			break;
		}
	}

	return text;
}
