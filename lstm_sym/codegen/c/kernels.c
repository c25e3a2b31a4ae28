/* What every generated loop uses: tanh, the packed matrix product.  REAL is float or double, WIDE says which.
   Rows of samples times a matrix: y (B, N) = or += x (B, K) M, with M packed in panels of PANEL columns. */
#include <stdint.h>
#include <string.h>
#include <math.h>

typedef REAL real;
#if defined(__AVX512F__)
#define VECTOR 64
#define VECTORS 4
#else
#define VECTOR 32
#define VECTORS 2
#endif
#define LANES ((long)(VECTOR / sizeof(real)))
#define PANEL (VECTORS * LANES)
#define DEPTH 256L /* rows of a panel that stay in the first-level cache while all samples meet them */
typedef real vec __attribute__((vector_size(VECTOR), aligned(sizeof(real)), may_alias));
#define UNROLL _Pragma("GCC unroll 8")

#if WIDE
/* tanh x = -expm1(-2|x|) / (expm1(-2|x|) + 2) with the sign of x; exponential by reduction and a Taylor polynomial. */
static inline real tanh_(real x) {
    real a = x < 0 ? -x : x;
    a = a > 20.0 ? 20.0 : a;
    double y = -2.0 * a, shift = 6755399441055744.0, t = y * 1.4426950408889634074 + shift, n = t - shift;
    double r = (y - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10;
    int64_t bits;
    memcpy(&bits, &t, 8);
    bits = (bits + 1023) << 52;
    double two_n;
    memcpy(&two_n, &bits, 8);
    double p = 1.60590438368216145994e-10;
    p = p * r + 2.08767569878680989792e-09; p = p * r + 2.50521083854417187751e-08;
    p = p * r + 2.75573192239858906526e-07; p = p * r + 2.75573192239858906526e-06;
    p = p * r + 2.48015873015873015873e-05; p = p * r + 1.98412698412698412698e-04;
    p = p * r + 1.38888888888888888889e-03; p = p * r + 8.33333333333333333333e-03;
    p = p * r + 4.16666666666666666667e-02; p = p * r + 1.66666666666666666667e-01;
    p = p * r + 0.5; p = p * r * r + r;
    double e = two_n * p + (two_n - 1.0), v = -e / (e + 2.0);
    return x < 0 ? -v : v;
}
#else
/* tanh x by a rational minimax approximation of degree 13 / 6 on |x| <= 7.9988, beyond which it is 1 to the last bit but one. */
static inline real tanh_(real x) {
    const real limit = 7.99881172180175781f;
    x = x > limit ? limit : x;
    x = x < -limit ? -limit : x;
    real u = x * x, p = -2.76076847742355e-16f, q = 1.19825839466702e-06f;
    p = p * u + 2.00018790482477e-13f; p = p * u + -8.60467152213735e-11f; p = p * u + 5.12229709037114e-08f;
    p = p * u + 1.48572235717979e-05f; p = p * u + 6.37261928875436e-04f; p = p * u + 4.89352455891786e-03f;
    q = q * u + 1.18534705686654e-04f; q = q * u + 2.26843463243900e-03f; q = q * u + 4.89352518554385e-03f;
    return p * x / q;
}
#endif
static inline real sigmoid_(real x) { return (real)0.5 + (real)0.5 * tanh_((real)0.5 * x); }

long panel(void) { return PANEL; }

/* M (K, N), with M[k][j] at M + k down + j right -> panels: P[u][k][0 .. PANEL), the columns beyond N zero. */
void pack(long K, long N, const real *M, long down, long right, real *P) {
    for (long u = 0; u < N; u += PANEL) {
        long w = N - u < PANEL ? N - u : PANEL;
        for (long k = 0; k < K; k++, P += PANEL) {
            const real *from = M + k * down + u * right;
            for (long j = 0; j < w; j++) P[j] = from[j * right];
            memset(P + w, 0, (PANEL - w) * sizeof(real));
        }
    }
}

/* R rows at a time, a panel of columns in registers; `full`: the panel lies inside y. */
#define KERNEL(R)                                                                                            \
static inline void rows_##R(long K, const real *x, long ldx, const real *P, real *y, long ldy, long w, int add) { \
    vec a[R][VECTORS];                                                                                       \
    real edge[PANEL];                                                                                        \
    UNROLL for (int r = 0; r < R; r++) {                                                                     \
        const real *from = y + r * ldy;                                                                      \
        if (add && w < PANEL) { memset(edge, 0, sizeof edge); memcpy(edge, from, w * sizeof(real)); from = edge; } \
        UNROLL for (int q = 0; q < VECTORS; q++) a[r][q] = add ? *(const vec *)(from + q * LANES) : (vec){0}; \
    }                                                                                                        \
    for (long k = 0; k < K; k++, P += PANEL) {                                                               \
        vec m[VECTORS];                                                                                      \
        UNROLL for (int q = 0; q < VECTORS; q++) m[q] = *(const vec *)(P + q * LANES);                       \
        UNROLL for (int r = 0; r < R; r++) {                                                                 \
            vec s = x[r * ldx + k] - (vec){0};                                                               \
            UNROLL for (int q = 0; q < VECTORS; q++) a[r][q] += s * m[q];                                    \
        }                                                                                                    \
    }                                                                                                        \
    UNROLL for (int r = 0; r < R; r++) {                                                                     \
        if (w < PANEL) {                                                                                     \
            UNROLL for (int q = 0; q < VECTORS; q++) *(vec *)(edge + q * LANES) = a[r][q];                   \
            memcpy(y + r * ldy, edge, w * sizeof(real));                                                     \
        } else UNROLL for (int q = 0; q < VECTORS; q++) *(vec *)(y + r * ldy + q * LANES) = a[r][q];         \
    }                                                                                                        \
}
KERNEL(2) KERNEL(3) KERNEL(4) KERNEL(5) KERNEL(6)

/* One row: four partial sums over k hide the latency of the multiply-add. */
static inline void rows_1(long K, const real *x, const real *P, real *y, long w, int add) {
    vec a[4][VECTORS];
    real edge[PANEL];
    memset(a, 0, sizeof a);
    long k = 0;
    for (; k + 4 <= K; k += 4, P += 4 * PANEL)
        UNROLL for (int s = 0; s < 4; s++) {
            vec v = x[k + s] - (vec){0};
            UNROLL for (int q = 0; q < VECTORS; q++) a[s][q] += v * *(const vec *)(P + s * PANEL + q * LANES);
        }
    for (; k < K; k++, P += PANEL) {
        vec v = x[k] - (vec){0};
        UNROLL for (int q = 0; q < VECTORS; q++) a[0][q] += v * *(const vec *)(P + q * LANES);
    }
    UNROLL for (int q = 0; q < VECTORS; q++) a[0][q] = (a[0][q] + a[1][q]) + (a[2][q] + a[3][q]);
    if (w == PANEL) {
        UNROLL for (int q = 0; q < VECTORS; q++) {
            vec *to = (vec *)(y + q * LANES);
            if (add) a[0][q] += *to;
            *to = a[0][q];
        }
        return;
    }
    UNROLL for (int q = 0; q < VECTORS; q++) *(vec *)(edge + q * LANES) = a[0][q];
    for (long j = 0; j < w; j++) y[j] = add ? y[j] + edge[j] : edge[j];
}

/* All rows, one panel. */
static void rows(long B, long K, const real *x, long ldx, const real *P, real *y, long ldy, long w, int add) {
    for (long b = 0, r; b < B; b += r, x += r * ldx, y += r * ldy) {
        long left = B - b;
        r = left >= 6 && left != 7 && left != 8 ? 6 : left == 8 ? 4 : left == 7 ? 3 : left;
        switch (r) {
            case 6: rows_6(K, x, ldx, P, y, ldy, w, add); break;
            case 5: rows_5(K, x, ldx, P, y, ldy, w, add); break;
            case 4: rows_4(K, x, ldx, P, y, ldy, w, add); break;
            case 3: rows_3(K, x, ldx, P, y, ldy, w, add); break;
            case 2: rows_2(K, x, ldx, P, y, ldy, w, add); break;
            default: rows_1(K, x, P, y, w, add);
        }
    }
}

static void product(long B, long K, long N, const real *x, long ldx, const real *P, real *y, long ldy, int add) {
    for (long u = 0; u < N; u += PANEL, P += K * PANEL) {
        long k = 0, w = N - u < PANEL ? N - u : PANEL;
        do rows(B, K - k < DEPTH ? K - k : DEPTH, x + k, ldx, P + k * PANEL, y + u, ldy, w, add || k);
        while ((k += DEPTH) < K);
    }
}
