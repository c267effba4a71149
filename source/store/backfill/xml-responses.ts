const token =
	/<(\/?)([a-z_][\w.-]*)(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>|[<&]/gi;
const entity = /&(?:lt|gt|amp|quot|apos|#\d+|#x[\da-f]+);/iy;

/**
The member answers in the prompt of an arbiter, read as the XML it was taken for; null when it is not well-formed, as most are not.
*/
export function readXmlResponses(prompt: string): string[] | null {
	const start = prompt.indexOf('<arbiter_prompt>');

	if (start === -1) {
		return null;
	}

	const open: Array<{name: string; from: number}> = [];
	const responses: string[] = [];
	token.lastIndex = start;

	for (;;) {
		const found = token.exec(prompt);

		if (!found) {
			return null;
		}

		const [whole, slash, name, isEmpty] = found;

		if (name === undefined) {
			entity.lastIndex = found.index;

			if (whole === '<' || !entity.test(prompt)) {
				return null;
			}
		} else if (slash === '') {
			if (isEmpty === '') {
				open.push({name, from: token.lastIndex});
			}
		} else {
			const opened = open.pop();

			if (opened?.name !== name) {
				return null;
			}

			if (
				name === 'response' &&
				open.some(each => each.name === 'model_responses')
			) {
				responses.push(prompt.slice(opened.from, found.index));
			}

			if (open.length === 0) {
				return responses;
			}
		}
	}
}
