/* Bytes to and from an upstream: plain, or TLS with the certificate and the name checked. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/file.h"
#include "broker/broker.h"

struct broker_stream {
	int fd;
	SSL_CTX *context; /* NULL: plain */
	SSL *tls;
};

static bool start_tls(struct broker_stream *stream, const char *host)
{
	stream->context = SSL_CTX_new(TLS_client_method());
	if (!stream->context || SSL_CTX_set_default_verify_paths(stream->context) != 1 ||
	    SSL_CTX_set_min_proto_version(stream->context, TLS1_2_VERSION) != 1)
		return false;
	SSL_CTX_set_verify(stream->context, SSL_VERIFY_PEER, NULL);
	stream->tls = SSL_new(stream->context);
	/* What SSL_set_tlsext_host_name() does, whose cast clang refuses; OpenSSL copies the name. */
	return stream->tls && SSL_set1_host(stream->tls, host) == 1 &&
	       SSL_ctrl(stream->tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
	                (void *)(uintptr_t)host) == 1 &&
	       SSL_set_fd(stream->tls, stream->fd) == 1 && SSL_connect(stream->tls) == 1;
}

struct broker_stream *broker_stream_open(int fd, const char *host, bool tls, const char **why)
{
	struct broker_stream *stream = calloc(1, sizeof *stream);

	if (!stream) {
		*why = "out of memory";
		close(fd);
		return NULL;
	}
	stream->fd = fd;
	if (tls && !start_tls(stream, host)) {
		*why = "no TLS connection with a valid certificate could be made";
		broker_stream_close(stream);
		return NULL;
	}
	return stream;
}

ssize_t broker_stream_read(struct broker_stream *stream, char *bytes, size_t count)
{
	size_t got = 0;
	ssize_t plain;

	if (stream->tls) {
		if (SSL_read_ex(stream->tls, bytes, count, &got) == 1)
			return (ssize_t)got;
		return SSL_get_error(stream->tls, 0) == SSL_ERROR_ZERO_RETURN ? 0 : -1;
	}
	do {
		plain = read(stream->fd, bytes, count);
	} while (plain < 0 && errno == EINTR);
	return plain;
}

bool broker_stream_write(struct broker_stream *stream, struct span bytes)
{
	size_t put;

	if (!stream->tls)
		return file_write_fd(stream->fd, bytes, NULL);
	while (bytes.len > 0) {
		if (SSL_write_ex(stream->tls, bytes.ptr, bytes.len, &put) != 1)
			return false;
		bytes = span_from(bytes, put);
	}
	return true;
}

void broker_stream_close(struct broker_stream *stream)
{
	if (!stream)
		return;
	if (stream->tls)
		SSL_shutdown(stream->tls);
	SSL_free(stream->tls);
	SSL_CTX_free(stream->context);
	close(stream->fd);
	free(stream);
}
