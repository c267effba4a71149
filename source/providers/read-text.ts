/**
The beginning of a body as text, at most `most` bytes of it. The rest is not waited for: the connection is left.
*/
export async function readText(
	response: Response,
	most: number,
): Promise<string> {
	const decoder = new TextDecoder();
	let text = '';
	let left = most;

	if (!response.body) {
		return text;
	}

	for await (const chunk of response.body) {
		text += decoder.decode(chunk.subarray(0, left), {stream: true});
		left -= chunk.length;

		if (left <= 0) {
			break;
		}
	}

	return text;
}
