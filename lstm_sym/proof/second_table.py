"""The rules a second time, as `recheck` reads them: text in the notation of the field, matched by code of its own.

A, B, ... are matrices, u v columns, x y c reals, k l h times, F[k] X[k] families; N is the norm of a variable kind p, N1 N2 Ninf
a fixed one; x % A is a real multiple, `at(t >= ...)` a condition on times; `;` parts premises, `|-` stands before the conclusion.
"""
TABLE = """
NORM_NONNEG        |- 0 <= N(A)
NORM_MUL           |- N(A @ B) <= N(A) * N(B)
NORM_ADD           |- N(A + B) <= N(A) + N(B)
NORM_SCALED        |- N(x % A) == abs(x) * N(A)
NORM_DIAG          0 <= c ; within(v, -c, c) |- N(diag(v)) <= c
NORM_EYE           |- N(I) <= 1
NORM_ZEROS         |- N(zeros) == 0
NORM_TRANSPOSE     |- N2(A.T) == N2(A)
NORM_TRANSPOSE_1   |- N1(A.T) == Ninf(A)
NORM_GRAM          |- N2(A.T @ A) == N2(A) * N2(A)
NORM_SCALAR        |- N(A) == abs(entry(A))
NORM_COLUMN_INF    0 <= c ; within(column(v), -c, c) |- Ninf(v) <= c
NORM_ROWS          0 <= c ; under(A, B) ; within(B @ ones, x, c) |- Ninf(A) <= c
NORM_UNDER         under(A, B) |- N(A) <= N(B)
NORM_FROBENIUS     |- N2(A) ** 2 <= entry(ones @ ((A * A) @ ones))
NORM_CERTIFICATE   0 <= c ; within(u, 0, x) ; A.T @ A + R.T @ (diag(u) @ R) == (c * c) % I |- N2(A) <= c
EQ_SAME            |- A == A
SCALED_MUL         |- A @ (x % B) == x % (A @ B)
SCALED_SCALED      |- x % (y % A) == (x * y) % A
SCALED_ONE         |- 1 % A == A
WITHIN_TANH        |- within(tanh(A), -1, 1)
WITHIN_SIGMOID     |- within(sigmoid(A), 0, 1)
SIGMOID_GROWS      within(A, x, y) |- within(sigmoid(A), entry(sigmoid(number(x))), entry(sigmoid(number(y))))
WITHIN_STEP        |- within(step(A), 0, 1)
NORM_TANH          |- Ninf(tanh(column(u))) < 1
NORM_SIGMOID       |- Ninf(sigmoid(column(u))) < 1
LIPSCHITZ_TANH     |- N(tanh(column(u)) - tanh(column(v))) <= N(u - v)
LIPSCHITZ_RELU     |- N(relu(column(u)) - relu(column(v))) <= N(u - v)
LIPSCHITZ_SIGMOID  |- 4 * N(sigmoid(column(u)) - sigmoid(column(v))) <= N(u - v)
SIGMOID_EXP        |- sigmoid(A) * (ones + exp(A)) == exp(A)
WITHIN_WIDEN       c <= x ; y <= d ; within(A, x, y) |- within(A, c, d)
WITHIN_NORM        N(A) <= c |- within(A, -c, c)
WITHIN_ADD         within(A, x, y) ; within(B, c, d) |- within(A + B, x + c, y + d)
WITHIN_HAD         0 <= x ; 0 <= c ; within(A, x, y) ; within(B, c, d) |- within(A * B, x * c, y * d)
WITHIN_HAD_ABS     0 <= x ; 0 <= c ; within(A, -x, x) ; within(B, -c, c) |- within(A * B, -(x * c), x * c)
WITHIN_MIX         c <= 1 ; y <= x ; c * x + (1 + -c) * y <= d ; within(Z, 0, c) ; within(A, -x, x) ; within(B, -y, y) \
                   |- within(Z * A + (ones - Z) * B, -d, d)
WITHIN_ONES        |- within(ones, 1, 1)
WITHIN_ENTRY       x <= entry(A) ; entry(A) <= y |- within(A, x, y)
ENTRY_LOW          within(A, x, y) |- x <= entry(A)
ENTRY_HIGH         within(A, x, y) |- entry(A) <= y
ENTRY_NUMBER       |- entry(number(x)) == x
ENTRY_ADD          |- entry(A + B) == entry(A) + entry(B)
ENTRY_MUL          |- entry(scalar(A) @ scalar(B)) == entry(A) * entry(B)
COLUMN_LOW         0 <= c ; within(u * u, c * c, x) |- c * N(column(v)) <= N(diag(u) @ v)
UNDER_EYE          |- under(I, I)
UNDER_MUL          under(A, C) ; under(B, D) |- under(A @ B, C @ D)
UNDER_DIAG         within(v, -1, 1) |- under(diag(v), I)
UNDER_WITHIN       under(A, C) ; within(C, x, y) |- within(A, -y, y)
ABS_POSITIVE       0 <= x |- abs(x) == x
ABS_LE             -y <= x ; x <= y |- abs(x) <= y
LE_ABS             |- x <= abs(x)
ABS_NEG            |- abs(-x) == abs(x)
ABS_MUL            |- abs(x * y) == abs(x) * abs(y)
ABS_POW            |- abs(x ** k) == abs(x) ** k
CONTRAPOSITIVE     imp(x <= y, c <= d) ; d < c |- y < x
POW_STEP           at(k >= 0) |- x ** (k + 1) == x * x ** k
POW_NONNEG         0 <= x |- 0 <= x ** k
POW_POSITIVE       0 < x |- 0 < x ** k
POW_LE             0 <= x ; x <= y |- x ** k <= y ** k
POW_LE_ONE         0 <= x ; x <= 1 |- x ** k <= 1
POW_GE_ONE         1 <= x |- 1 <= x ** k
SQUARE_LE          0 <= y ; x * x <= y * y |- x <= y
POW_ONE            |- 1 ** k == 1
POW_MUL            |- (x * y) ** k == x ** k * y ** k
POW_ADD            at(k >= 0) ; at(l >= 0) |- x ** (k + l) == x ** k * x ** l
LIM_POW            0 <= x ; x < 1 |- lim(k, x ** k, 0)
LIM_SCALED         lim(k, X[k], 0) |- lim(k, c * X[k], 0)
LIM_UNSCALED       0 < c ; lim(k, c * X[k], 0) |- lim(k, X[k], 0)
LIM_MUL            lim(k, X[k], 0) ; lim(k, Y[k], 0) |- lim(k, X[k] * Y[k], 0)
LIM_CONSTANT       lim(k, x, 0) |- x == 0
LIM_SQUEEZE        all(k, at(k >= 0), 0 <= X[k]) ; all(k, at(k >= 0), X[k] <= Y[k]) ; lim(k, Y[k], 0) |- lim(k, X[k], 0)
INF_POW            1 < x |- inf(k, x ** k)
INF_SCALED         0 < c ; inf(k, X[k]) |- inf(k, c * X[k])
INF_UNSCALED       0 < c ; inf(k, c * X[k]) |- inf(k, X[k])
INF_LE             all(k, at(k >= 0), X[k] <= Y[k]) ; inf(k, X[k]) |- inf(k, Y[k])
SUM_EMPTY          |- sum(k, h + 1, h, F[k]) == zeros
SUM_FIRST          at(h >= l) |- sum(k, l, h, F[k]) == F[l] + sum(k, l + 1, h, F[k])
SUM_LAST           at(h >= l) |- sum(k, l, h, F[k]) == sum(k, l, h - 1, F[k]) + F[h]
SUM_SAME           all(k, at(k >= l), at(h >= k), F[k] == G[k]) |- sum(k, l, h, F[k]) == sum(k, l, h, G[k])
SUM_ADD            |- sum(k, l, h, F[k] + G[k]) == sum(k, l, h, F[k]) + sum(k, l, h, G[k])
SUM_MUL            |- sum(k, l, h, F[k] @ B) == sum(k, l, h, F[k]) @ B
SUM_TRANSPOSE      |- sum(k, l, h, F[k].T) == sum(k, l, h, F[k]).T
INNER_OUTER        |- column(u).T @ (A @ column(v)) == (ones @ ((u @ v.T) * A)) @ ones
INNER_SUM          |- sum(k, l, h, (ones @ (F[k] * A)) @ ones) == (ones @ (sum(k, l, h, F[k]) * A)) @ ones
DESCENDING_EMPTY   |- down(k, h + 1, h, F[k]) == I
DESCENDING_LAST    at(h >= l) |- down(k, l, h, F[k]) == F[h] @ down(k, l, h - 1, F[k])
DESCENDING_FIRST   at(h >= l) |- down(k, l, h, F[k]) == down(k, l + 1, h, F[k]) @ F[l]
ASCENDING_EMPTY    |- up(k, h + 1, h, F[k]) == I
ASCENDING_LAST     at(h >= l) |- up(k, l, h, F[k]) == up(k, l, h - 1, F[k]) @ F[h]
ASCENDING_FIRST    at(h >= l) |- up(k, l, h, F[k]) == F[l] @ up(k, l + 1, h, F[k])
D_EQUAL            always(A, C) ; d(C, D) |- d(A, D)
ALWAYS_NOW         always(A, C) |- A == C
D_UNIQUE           d(A, C) ; d(A, D) |- C == D
D_CONSTANT_ZERO    |- d(zeros, zeros)
D_CONSTANT_ONE     |- d(ones, zeros)
D_ADD              d(A, C) ; d(B, D) |- d(A + B, C + D)
D_MUL              d(A, C) ; d(B, D) |- d(A @ B, C @ B + A @ D)
D_HAD              d(A, C) ; d(B, D) |- d(A * B, C * B + A * D)
D_TRANSPOSE        d(A, C) |- d(A.T, C.T)
D_SUM              all(k, at(k >= l), at(h >= k), d(F[k], G[k])) |- d(sum(k, l, h, F[k]), sum(k, l, h, G[k]))
D_TANH             d(A, C) |- d(tanh(A), (ones - tanh(A) * tanh(A)) * C)
D_SIGMOID          d(A, C) |- d(sigmoid(A), (sigmoid(A) * (ones - sigmoid(A))) * C)
D_RELU             0 < c ; within(A * A, c, x) ; d(A, C) |- d(relu(A), step(A) * C)
D_SOFTPLUS         d(A, C) |- d(softplus(A), sigmoid(A) * C)
D_EXP              d(A, C) |- d(exp(A), exp(A) * C)
D_LOG              0 < c ; within(A, c, x) ; d(A, C) |- d(log(A), reciprocal(A) * C)
D_RECIPROCAL       0 < c ; within(A * A, c, x) ; d(A, C) |- d(reciprocal(A), -(reciprocal(A) * reciprocal(A)) * C)
D_SQRT             0 < c ; within(A, c, x) ; d(A, C) |- d(sqrt(A), reciprocal(2 * sqrt(A)) * C)
D_FUNCTION         slope(phi, dphi) ; d(A, C) |- d(phi(A), dphi(A) * C)
RADIUS_NORM        |- radius(A, N2(A))
RADIUS_SQUARE      0 <= x ; abs(y) <= x * x ; A @ A == y % I |- radius(A, x)
RADIUS_SHIFT       0 <= x ; abs(y) <= x ; (A - y % I) @ (A - y % I) == zeros |- radius(A, x)
RADIUS_WIDEN       x <= y ; radius(A, x) |- radius(A, y)
RADIUS_TRIANGULAR  0 <= x ; within(u, -x, x) ; strict(A) |- radius(diag(u) + A, x)
NORMAL             0 <= x ; A.T @ A == A @ A.T ; radius(A, x) |- N2(A) <= x
GELFAND            radius(A, x) ; x < 1 |- lim(k, N(down(l, 1, k, A)), 0)
"""
